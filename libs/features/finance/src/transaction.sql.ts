import type { PropertyPort, Sql as PortSql } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** An instant as clients see it: RFC 3339 in UTC with milliseconds, as JavaScript writes it. */
const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A transaction as clients see it, from the row `t`: the same members in the same order as `transactionView`. */
export const transactionJson = rawSql(`json_build_object(
  'id', t.id, 'kind', t.kind, 'propertyId', t.property_id, 'amountCents', t.amount_cents, 'currency', t.currency, 'description', t.description,
  'category', t.category, 'paymentMode', t.payment_mode, 'occurredAt', ${instant('t.occurred_at')}, 'businessDay', t.business_on,
  'status', t.status, 'externalReference', t.external_reference, 'reversalOf', t.reversal_of, 'recordedBy', t.recorded_by, 'decidedBy', t.decided_by,
  'decidedAt', ${instant('t.decided_at')}, 'decisionReason', t.decision_reason, 'reversedBy', t.reversed_by, 'tax', t.tax, 'approval', t.approval)`);

/** The same with the name of the property, from the row `n`. */
export const namedTransactionJson = rawSql(`json_build_object(
  'id', t.id, 'kind', t.kind, 'propertyId', t.property_id, 'propertyName', n.name, 'amountCents', t.amount_cents, 'currency', t.currency,
  'description', t.description, 'category', t.category, 'paymentMode', t.payment_mode, 'occurredAt', ${instant('t.occurred_at')},
  'businessDay', t.business_on, 'status', t.status, 'externalReference', t.external_reference, 'reversalOf', t.reversal_of,
  'recordedBy', t.recorded_by, 'decidedBy', t.decided_by, 'decidedAt', ${instant('t.decided_at')}, 'decisionReason', t.decision_reason,
  'reversedBy', t.reversed_by, 'tax', t.tax, 'approval', t.approval, 'version', t.version)`);

/** Whether a property that a filter names is one of the organization's; without one there is nothing to know. */
export const knownProperty = (bucket: number, organizationId: number, propertyId: number | undefined): Sql =>
  propertyId === undefined
    ? rawSql('true')
    : sql`exists (select from finance.property_names where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId})`;

/** The same as the properties feature says. */
export const isProperty = async (
  port: PortSql,
  properties: PropertyPort,
  propertyId: number | undefined,
): Promise<Sql> =>
  sql`${propertyId === undefined || (await properties.find(port, [propertyId])).has(propertyId)}::boolean`;
