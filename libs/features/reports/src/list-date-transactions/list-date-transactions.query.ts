import { dayParameter, pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { dayTransactionJson } from '../day-transaction.sql';
import { dayTransaction } from '../report.answers';
import { type ReportTables, readModels } from '../report-tables.sql';
import { WriteModel } from '../write-model.store';

export const dateTransactionsQuery = z.strictObject({
  propertyId: propertyIdParameter,
  date: dayParameter.describe('The business day'),
  ...pageParameters,
});

export const dateTransactionsPage = pageOf(dayTransaction);

interface DayTransactionPage {
  readonly data: readonly z.output<typeof dayTransaction>[];
}

/** The approved transactions of one business day, in the order in which they happened. */
export class ListDateTransactions extends Query<Snapshot<DayTransactionPage>> {
  constructor(
    readonly organizationId: number,
    readonly filter: z.output<typeof dateTransactionsQuery>,
    readonly after: readonly [occurredAt: string, id: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListDateTransactions)
export class ListDateTransactionsHandler implements IQueryHandler<ListDateTransactions> {
  constructor(
    private readonly reader: Reader,
    private readonly writeModel: WriteModel,
  ) {}

  execute({
    organizationId,
    filter,
    after,
    minPosition,
    tags,
  }: ListDateTransactions): Promise<Snapshot<DayTransactionPage>> {
    const page = (bucket: number, { currencies, transactions }: ReportTables) => sql`
        select (
          select coalesce(json_agg(page.body), '[]') from (
            select ${dayTransactionJson} as body from ${transactions} t
            where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.property_id = ${filter.propertyId} and t.business_on = ${filter.date}::date
              ${after === undefined ? sql`` : sql`and (t.occurred_at, t.transaction_id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
            order by t.occurred_at, t.transaction_id limit ${filter.limit + 1}) page) as data
        from ${currencies} p where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.property_id = ${filter.propertyId}`;
    const { propertyId, date } = filter;
    const range = { propertyId, from: date, to: date, withTransactions: true };
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['reports_day_transactions', 'reports_property_currencies'],
        direct: async (port) => page(port.bucket, await this.writeModel.tables(port, range)),
      },
      ({ bucket }) => page(bucket, readModels),
    );
  }
}
