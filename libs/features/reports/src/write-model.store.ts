import {
  type DaySum,
  type PropertyFacts,
  PropertyPort,
  type PropertyScope,
  type Sql as PortSql,
  TransactionPort,
} from '@innkeep/contracts';
import { type Sql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { DashboardTables, ProfitLossTables, ReportTables } from './report-tables.sql';

/** Which part of the write model a report is about. */
interface Range {
  readonly propertyId: number;
  readonly from: string;
  readonly to: string;
  readonly withTransactions?: boolean;
}

/** More properties than any plan has. */
const MOST_PROPERTIES = 10_000;

/** Asks the features that own them for what the read models would hold of properties and their days. */
@Injectable()
export class WriteModel {
  constructor(
    private readonly properties: PropertyPort,
    private readonly transactions: TransactionPort,
  ) {}

  async tables(port: PortSql, { propertyId, from, to, withTransactions = false }: Range): Promise<ReportTables> {
    const currencies = await this.currencies(port, propertyId);
    const days = daysOf(port, await this.transactions.approvedSums(port, [propertyId], from, to));
    const transactions = withTransactions ? await this.transactions.approved(port, propertyId, from, to) : [];
    return {
      currencies,
      days,
      months: sql`(select bucket, organization_id, property_id, date_trunc('month', business_on::timestamp)::date as month_on, currency,
        sum(received_cents)::bigint as received_cents, sum(expenses_cents)::bigint as expenses_cents, sum(transaction_count) as transaction_count
        from ${days} d group by 1, 2, 3, 4, 5)`,
      transactions: sql`(select ${organization(port)}, ${propertyId}::bigint as property_id, "businessDay" as business_on,
        "occurredAt" as occurred_at, id as transaction_id, kind, "amountCents" as amount_cents, currency, description, category,
        "paymentMode" as payment_mode, "reversalOf" as reversal_of
        from jsonb_to_recordset(${JSON.stringify(transactions)}::jsonb) as t("businessDay" date, "occurredAt" timestamptz, id uuid, kind text,
          "amountCents" bigint, currency text, description text, category text, "paymentMode" text, "reversalOf" uuid))`,
    };
  }

  /** Of the properties of a scope, with their days from one to another. */
  async dashboard(port: PortSql, scope: PropertyScope, from: string, to: string): Promise<DashboardTables> {
    const properties = await this.properties.list(port, scope, MOST_PROPERTIES);
    const ids = properties.map(({ id }) => id);
    return {
      currencies: currenciesOf(port, properties),
      calendars: sql`(select ${organization(port)}, id as property_id, "timeZone" as time_zone, "businessDayStartsAt" as business_day_starts_at
        from jsonb_to_recordset(${JSON.stringify(properties)}::jsonb) as p(id bigint, "timeZone" text, "businessDayStartsAt" time))`,
      days: daysOf(port, await this.transactions.approvedSums(port, ids, from, to)),
    };
  }

  /** Of a property, by category, in the months from one day to another. */
  async profitLoss(port: PortSql, { propertyId, from, to }: Range): Promise<ProfitLossTables> {
    const categories = await this.transactions.approvedCategories(port, propertyId, from, to);
    return {
      currencies: await this.currencies(port, propertyId),
      categories: sql`(select ${organization(port)}, ${propertyId}::bigint as property_id, (month || '-01')::date as month_on, kind,
        coalesce(category, '') as category, currency, "amountCents" as amount_cents, "transactionCount" as transaction_count
        from jsonb_to_recordset(${JSON.stringify(categories)}::jsonb) as c(month text, kind text, category text, currency text,
          "amountCents" bigint, "transactionCount" integer))`,
    };
  }

  private async currencies(port: PortSql, propertyId: number): Promise<Sql> {
    const property = (await this.properties.find(port, [propertyId])).get(propertyId);
    return currenciesOf(port, property ? [property] : []);
  }
}

const organization = ({ bucket, organizationId }: PortSql): Sql =>
  sql`${bucket}::smallint as bucket, ${organizationId}::bigint as organization_id`;

const currenciesOf = (port: PortSql, properties: readonly PropertyFacts[]): Sql =>
  sql`(select ${organization(port)}, id as property_id, currency
    from jsonb_to_recordset(${JSON.stringify(properties)}::jsonb) as p(id bigint, currency text))`;

const daysOf = (port: PortSql, sums: readonly DaySum[]): Sql =>
  sql`(select ${organization(port)}, "propertyId" as property_id, "businessDay" as business_on, currency, "receivedCents" as received_cents,
    "expensesCents" as expenses_cents, "transactionCount" as transaction_count from jsonb_to_recordset(${JSON.stringify(sums)}::jsonb)
      as d("propertyId" bigint, "businessDay" date, currency text, "receivedCents" bigint, "expensesCents" bigint, "transactionCount" integer))`;
