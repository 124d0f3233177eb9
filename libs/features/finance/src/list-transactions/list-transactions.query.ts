import { dayParameter, pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { listedTransaction } from '../transaction.answers';
import { type TransactionKind, category, paymentMode } from '../transaction.fields';
import { knownProperty, namedTransactionJson } from '../transaction.sql';

export const listTransactionsQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  status: z.enum(['pending', 'approved', 'rejected']).optional().describe('By default whatever was decided'),
  from: dayParameter.optional().describe('First business day'),
  to: dayParameter.optional().describe('Last business day'),
  category: category.optional().describe('Of this category, written alike'),
  paymentMode: paymentMode.optional().describe('Paid so'),
  ...pageParameters,
});
export type TransactionFilter = z.output<typeof listTransactionsQuery>;

export const transactionPage = pageOf(listedTransaction);

interface TransactionPage {
  readonly data: readonly z.output<typeof listedTransaction>[];
  /** Whether the property asked for is one of the organization's. */
  readonly isKnown: boolean;
}

/** The transactions of one kind that the caller may see, newest first. */
export class ListTransactions extends Query<Snapshot<TransactionPage>> {
  constructor(
    readonly principal: Principal,
    readonly kind: TransactionKind,
    readonly filter: TransactionFilter,
    readonly before: readonly [occurredAt: string, id: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions> {
  constructor(private readonly reader: Reader) {}

  execute({
    principal,
    kind,
    filter,
    before,
    minPosition,
    tags,
  }: ListTransactions): Promise<Snapshot<TransactionPage>> {
    const { organizationId, properties } = principal;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['finance_property_names'], readsState: true },
      ({ bucket }) => sql`
        select coalesce(json_agg(page.body), '[]') as data, ${knownProperty(bucket, organizationId, filter.propertyId)} as "isKnown" from (
        select ${namedTransactionJson} as body
        from finance.transactions t
        left join finance.property_names n on n.bucket = t.bucket and n.organization_id = t.organization_id and n.property_id = t.property_id
        where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.kind = ${kind} and t.deleted_at is null
          ${filter.propertyId === undefined ? sql`` : sql`and t.property_id = ${filter.propertyId}`}
          ${properties === 'all' ? sql`` : sql`and t.property_id = any (${properties}::bigint[])`}
          ${filter.status === undefined ? sql`` : sql`and t.status = ${filter.status}`}
          ${filter.category === undefined ? sql`` : sql`and t.category = ${filter.category}`}
          ${filter.paymentMode === undefined ? sql`` : sql`and t.payment_mode = ${filter.paymentMode}`}
          ${filter.from === undefined ? sql`` : sql`and t.business_on >= ${filter.from}::date`}
          ${filter.to === undefined ? sql`` : sql`and t.business_on <= ${filter.to}::date`}
          ${before === undefined ? sql`` : sql`and (t.occurred_at, t.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`}
        order by t.occurred_at desc, t.id desc limit ${filter.limit + 1}) page`,
    );
  }
}
