import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Transaction } from './transaction';

interface TransactionRow {
  id: string;
  kind: Transaction['kind'];
  property_id: string;
  amount_cents: string;
  currency: string;
  description: string;
  category: string | null;
  payment_mode: string | null;
  occurred_at: Date;
  business_on: string;
  status: Transaction['status'];
  external_reference: string | null;
  reversal_of: string | null;
  reversed_by: string | null;
  recorded_by: string;
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  tax: Transaction['tax'];
  approval: Transaction['approval'];
  version: string;
}

const toTransaction = (row: TransactionRow): Transaction => ({
  transactionId: row.id,
  kind: row.kind,
  propertyId: Number(row.property_id),
  amountCents: Number(row.amount_cents),
  currency: row.currency,
  description: row.description,
  category: row.category,
  paymentMode: row.payment_mode,
  occurredAt: row.occurred_at.toISOString(),
  businessDay: row.business_on,
  status: row.status,
  externalReference: row.external_reference,
  reversalOf: row.reversal_of,
  tax: row.tax,
  approval: row.approval,
  recordedBy: Number(row.recorded_by),
  decidedBy: row.decided_by === null ? null : Number(row.decided_by),
  decidedAt: row.decided_at?.toISOString() ?? null,
  decisionReason: row.decision_reason,
  reversedBy: row.reversed_by,
});

export interface LoadedTransaction {
  readonly transaction: Transaction;
  readonly version: number;
}

const columns = `id, kind, property_id, amount_cents, currency, description, category, payment_mode, occurred_at, business_on::text as business_on,
  status, external_reference, reversal_of, reversed_by, recorded_by, decided_by, decided_at, decision_reason, tax, approval, version`;

/** Load with lock, and save, of the write model. All saves ride on the last statement of the unit of work. */
@Injectable()
export class TransactionStore {
  /** The transactions by these ids, locked to the end of the unit of work. */
  async load(
    unit: OrganizationTransaction,
    kind: Transaction['kind'] | undefined,
    ids: readonly string[],
  ): Promise<Map<string, LoadedTransaction>> {
    // Locked in the order of their ids, so that two bulk requests over the same transactions wait for each other and do not deadlock.
    const rows = await unit.query<TransactionRow>(
      `select ${columns} from finance.transactions
       where bucket = $1 and organization_id = $2 and id = any ($3::uuid[]) and ($4::text is null or kind = $4) and deleted_at is null
       order by id for no key update`,
      [unit.bucket, unit.organizationId, ids, kind ?? null],
    );
    return new Map(rows.map((row) => [row.id, { transaction: toTransaction(row), version: Number(row.version) }]));
  }

  /** The transactions that have one of the references already, by property and reference. */
  async findByReference(
    unit: OrganizationTransaction,
    references: readonly (readonly [propertyId: number, reference: string])[],
  ): Promise<Map<string, Transaction>> {
    if (references.length === 0) return new Map();
    const rows = await unit.query<TransactionRow>(
      `select ${columns} from finance.transactions t join unnest($3::bigint[], $4::text[]) as asked(p, r) on asked.p = t.property_id and asked.r = t.external_reference
       where t.bucket = $1 and t.organization_id = $2`,
      [
        unit.bucket,
        unit.organizationId,
        references.map(([propertyId]) => propertyId),
        references.map(([, reference]) => reference),
      ],
    );
    return new Map(
      rows.map((row) => [referenceKey(Number(row.property_id), row.external_reference!), toTransaction(row)]),
    );
  }

  /** Adds transactions. Each is recorded by one event in the same order, so each gets its own event's version. */
  add(unit: OrganizationTransaction, transactions: readonly Transaction[]): void {
    unit.write(sql`
      insert into finance.transactions (bucket, organization_id, id, kind, property_id, amount_cents, currency, description, category, payment_mode,
        occurred_at, business_on, status, external_reference, reversal_of, recorded_by, decided_by, decided_at, decision_reason, tax, approval, approval_due_at, version, recorded_version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, t."transactionId", t.kind, t."propertyId", t."amountCents", t.currency, t.description,
        t.category, t."paymentMode", t."occurredAt", t."businessDay", t.status, t."externalReference", t."reversalOf", t."recordedBy", t."decidedBy",
        t."decidedAt", t."decisionReason", t.tax, t.approval, (t.approval->>'dueAt')::timestamptz, head.version - ${transactions.length}::int + t.n,
        head.version - ${transactions.length}::int + t.n
      from head, jsonb_to_recordset(${JSON.stringify(transactions.map((transaction, index) => ({ ...transaction, n: index + 1 })))}::jsonb) as t(
        "transactionId" uuid, kind text, "propertyId" bigint, "amountCents" bigint, currency text, description text, category text, "paymentMode" text,
        "occurredAt" timestamptz, "businessDay" date, status text, "externalReference" text, "reversalOf" uuid, "recordedBy" bigint, "decidedBy" bigint,
        "decidedAt" timestamptz, "decisionReason" text, tax jsonb, approval jsonb, n integer)`);
  }

  /** Saves changed transactions; one event for each, in the same order. */
  save(unit: OrganizationTransaction, transactions: readonly Transaction[]): void {
    unit.write(sql`
      update finance.transactions t set amount_cents = s."amountCents", description = s.description, category = s.category, payment_mode = s."paymentMode",
        occurred_at = s."occurredAt", business_on = s."businessDay", status = s.status, decided_by = s."decidedBy", decided_at = s."decidedAt",
        decision_reason = s."decisionReason", tax = s.tax, approval = s.approval,
        approval_due_at = (s.approval->>'dueAt')::timestamptz, version = head.version - ${transactions.length}::int + s.n
      from head, jsonb_to_recordset(${JSON.stringify(transactions.map((transaction, index) => ({ ...transaction, n: index + 1 })))}::jsonb) as s(
        "transactionId" uuid, "amountCents" bigint, description text, category text, "paymentMode" text, "occurredAt" timestamptz, "businessDay" date,
        status text, "decidedBy" bigint, "decidedAt" timestamptz, "decisionReason" text, tax jsonb, approval jsonb, n integer)
      where t.bucket = ${unit.bucket} and t.organization_id = ${unit.organizationId} and t.id = s."transactionId"`);
  }

  markReversed(unit: OrganizationTransaction, id: string, reversedBy: string): void {
    unit.write(sql`
      update finance.transactions set reversed_by = ${reversedBy}, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${id}`);
  }

  /** Leaves a tombstone. */
  delete(unit: OrganizationTransaction, id: string): void {
    unit.write(sql`
      update finance.transactions set deleted_at = now(), amount_cents = 0, description = '', category = null, payment_mode = null,
        external_reference = null, tax = null, approval = null, approval_due_at = null, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${id}`);
  }
}

export const referenceKey = (propertyId: number, reference: string): string => `${propertyId} ${reference}`;
