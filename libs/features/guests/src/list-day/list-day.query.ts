import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { propertyDay } from '../property-calendars/property-day.sql';
import { type Movement, partiesOn } from '../stay-days.sql';
import { listedStay } from '../stay.answers';
import { listedStayJson } from '../stay.sql';

export const listDayQuery = z.strictObject({
  propertyId: propertyIdParameter,
  day: dayParameter.optional().describe('The business day; by default the one that the property is in'),
  ...pageParameters,
});

export const dayPage = pageOf(listedStay, { businessDay: shapes.day });

interface DayRow {
  readonly data: { readonly body: z.output<typeof listedStay> }[];
  readonly businessDay: string;
  /** How long the property is in its business day. */
  readonly secondsLeft: number;
}

/** Which list of which day is asked for; pages that follow stay on the day of the first. */
export interface DayRequest {
  readonly propertyId: number;
  readonly movement: Movement;
  readonly day?: string;
  readonly before?: string;
  readonly limit: number;
}

/** The parties that come, go or are there on a business day, those noted last first. No row: the property is not the organization's. */
export class ListDay extends Query<Snapshot<DayRow>> {
  constructor(
    readonly principal: Principal,
    readonly asked: DayRequest,
    readonly at: Date,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListDay)
export class ListDayHandler implements IQueryHandler<ListDay> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, asked, at, minPosition, tags }: ListDay): Promise<Snapshot<DayRow>> {
    const { organizationId } = principal;
    const { propertyId, movement, day = null, before = null, limit } = asked;
    const ofProperty = (bucket: number) =>
      sql`s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.property_id = ${propertyId}`;
    const now = sql`${at.toISOString()}::timestamptz`;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['guests_property_calendars'], readsState: true },
      ({ bucket }) => sql`
        with asked as materialized (
          select coalesce(${day}::date, today) as day, ends_at from (${propertyDay({ bucket, organizationId, propertyId }, now)}) clock
        )
        select day::text as "businessDay", extract(epoch from ends_at - ${now})::float8 as "secondsLeft",
          (select coalesce(json_agg(page), '[]') from (
            select ${listedStayJson} as body from (${partiesOn(movement, sql`asked.day`, ofProperty(bucket))}) s
            where ${before}::uuid is null or s.id < ${before}::uuid
            order by s.id desc limit ${limit}) page) as data
        from asked`,
    );
  }
}
