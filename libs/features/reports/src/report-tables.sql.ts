import type { PropertyPort, Sql as PortSql, TransactionPort } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** From where reports are read. */
export interface ReportTables {
  readonly currencies: Sql;
  readonly days: Sql;
  readonly months: Sql;
  readonly transactions: Sql;
}

/** The read models, from which they are read as a rule. */
export const readModels: ReportTables = {
  currencies: rawSql('reports.property_currencies'),
  days: rawSql('reports.daily_summary'),
  months: rawSql('reports.monthly_summary'),
  transactions: rawSql('reports.day_transactions'),
};

/** Which part of the write model a report is about. */
interface Range {
  readonly propertyId: number;
  readonly from: string;
  readonly to: string;
  readonly withTransactions?: boolean;
}

/** Asks the features that own them for what the read models would hold of a property and its days. */
export class WriteModel {
  constructor(
    private readonly properties: PropertyPort,
    private readonly transactions: TransactionPort,
  ) {}

  async tables(port: PortSql, { propertyId, from, to, withTransactions = false }: Range): Promise<ReportTables> {
    const property = (await this.properties.find(port, [propertyId])).get(propertyId);
    const sums = await this.transactions.approvedSums(port, propertyId, from, to);
    const transactions = withTransactions ? await this.transactions.approved(port, propertyId, from, to) : [];
    const key = sql`${port.bucket}::smallint as bucket, ${port.organizationId}::bigint as organization_id, ${propertyId}::bigint as property_id`;
    const days = sql`(select ${key}, "businessDay" as business_on, currency, "receivedCents" as received_cents, "expensesCents" as expenses_cents,
      "transactionCount" as transaction_count from jsonb_to_recordset(${JSON.stringify(sums)}::jsonb)
        as d("businessDay" date, currency text, "receivedCents" bigint, "expensesCents" bigint, "transactionCount" integer))`;
    return {
      currencies: sql`(select ${key}, currency from unnest(${property ? [property.currency] : []}::text[]) currency)`,
      days,
      months: sql`(select bucket, organization_id, property_id, date_trunc('month', business_on::timestamp)::date as month_on, currency,
        sum(received_cents)::bigint as received_cents, sum(expenses_cents)::bigint as expenses_cents, sum(transaction_count) as transaction_count
        from ${days} d group by 1, 2, 3, 4, 5)`,
      transactions: sql`(select ${key}, "businessDay" as business_on, "occurredAt" as occurred_at, id as transaction_id, kind,
        "amountCents" as amount_cents, currency, description, category, "paymentMode" as payment_mode, "reversalOf" as reversal_of
        from jsonb_to_recordset(${JSON.stringify(transactions)}::jsonb) as t("businessDay" date, "occurredAt" timestamptz, id uuid, kind text,
          "amountCents" bigint, currency text, description text, category text, "paymentMode" text, "reversalOf" uuid))`,
    };
  }
}
