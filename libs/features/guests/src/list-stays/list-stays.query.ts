import { type Principal, label } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { staysOfGuest } from '../guest-words.sql';
import { listedStay, stayStatus } from '../stay.answers';
import { thereOn } from '../stay-days.sql';
import { knownProperty, listedStayJson } from '../stay.sql';

export const listStaysQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  status: stayStatus.optional().describe('By default whatever became of them'),
  day: dayParameter.optional().describe('Only parties that are, were or are to be there on this business day'),
  guest: label(100)
    .optional()
    .describe(
      'Only parties of whose lead guest’s name words begin like these, whatever their case and accents; nobody, if there is no letter or digit in it',
    )
    .meta({ example: 'ines carv' }),
  externalReference: label(200)
    .optional()
    .describe('Only the one that was noted under your own id of it, in each property'),
  ...pageParameters,
});

export const stayPage = pageOf(listedStay);

export interface StayFilter {
  readonly propertyId?: number;
  readonly status?: string;
  readonly day?: string;
  readonly guest?: string;
  readonly externalReference?: string;
  readonly limit: number;
}

interface StayPageRow {
  readonly data: { readonly body: z.output<typeof listedStay> }[];
  /** Whether the property asked for is one of the organization's. */
  readonly isKnown: boolean;
}

/** The stays that the caller may see, the newest first. */
export class ListStays extends Query<Snapshot<StayPageRow>> {
  constructor(
    readonly principal: Principal,
    readonly filter: StayFilter,
    readonly before: string | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListStays)
export class ListStaysHandler implements IQueryHandler<ListStays> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, before, minPosition, tags }: ListStays): Promise<Snapshot<StayPageRow>> {
    const { organizationId, properties } = principal;
    const { propertyId, status, day, guest, externalReference, limit } = filter;
    const projections = ['guests_property_calendars', ...(guest === undefined ? [] : ['guests_guest_words'])];
    return this.reader.read(
      { organizationId, minPosition, tags, projections, readsState: true },
      ({ bucket }) => sql`
        select coalesce(json_agg(page), '[]') as data, ${knownProperty(bucket, organizationId, propertyId)} as "isKnown" from (
          select ${listedStayJson} as body from guests.stays s
          where s.bucket = ${bucket} and s.organization_id = ${organizationId}
            ${propertyId === undefined ? sql`` : sql`and s.property_id = ${propertyId}`}
            ${properties === 'all' ? sql`` : sql`and s.property_id = any (${properties}::bigint[])`}
            ${status === undefined ? sql`` : sql`and s.status = ${status}`}
            ${day === undefined ? sql`` : sql`and ${thereOn(sql`${day}::date`)}`}
            ${guest === undefined ? sql`` : sql`and s.id = any (${staysOfGuest(bucket, organizationId, guest)})`}
            ${externalReference === undefined ? sql`` : sql`and s.external_reference = ${externalReference}`}
            ${before === undefined ? sql`` : sql`and s.id < ${before}::uuid`}
          order by s.id desc limit ${limit}) page`,
    );
  }
}
