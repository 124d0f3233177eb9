import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Day, dayAnswer } from '../day';
import { dayJson } from '../day.store';
import { knownProperty } from '../transaction.sql';

export const listDaysQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  status: z.enum(['closed', 'reopened']).optional().describe('By default both'),
  from: dayParameter.optional().describe('First business day'),
  to: dayParameter.optional().describe('Last business day'),
  ...pageParameters,
});
export type DayFilter = z.output<typeof listDaysQuery>;

export const dayPage = pageOf(dayAnswer);

interface DaysRow {
  readonly data: readonly Day[];
  /** Whether the property asked for is one of the organization's. */
  readonly isKnown: boolean;
}

/** The days that were closed, the latest first. */
export class ListDays extends Query<Snapshot<DaysRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: DayFilter,
    readonly before: readonly [businessDay: string, id: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListDays)
export class ListDaysHandler implements IQueryHandler<ListDays> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, before, minPosition, tags }: ListDays): Promise<Snapshot<DaysRow>> {
    const { organizationId, properties } = principal;
    return this.reader.read<DaysRow>(
      { organizationId, minPosition, tags, projections: ['finance_property_names'], readsState: true },
      ({ bucket }) => sql`
        select coalesce(json_agg(page.body), '[]') as data, ${knownProperty(bucket, organizationId, filter.propertyId)} as "isKnown" from (
        select ${dayJson} as body from finance.days d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId}
          ${filter.propertyId === undefined ? sql`` : sql`and d.property_id = ${filter.propertyId}`}
          ${properties === 'all' ? sql`` : sql`and d.property_id = any (${properties}::bigint[])`}
          ${filter.status === undefined ? sql`` : sql`and d.status = ${filter.status}`}
          ${filter.from === undefined ? sql`` : sql`and d.business_on >= ${filter.from}::date`}
          ${filter.to === undefined ? sql`` : sql`and d.business_on <= ${filter.to}::date`}
          ${before === undefined ? sql`` : sql`and (d.business_on, d.id) < (${before[0]}::date, ${before[1]}::uuid)`}
        order by d.business_on desc, d.id desc limit ${filter.limit + 1}) page`,
    );
  }
}
