import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';
import { firstDay, lastDay, partiesDuring } from '../stay-days.sql';

const ofRange = ({ bucket, organizationId, propertyId, from, to }: ReportRange): Sql => sql`
  from (${partiesDuring(
    { from, to },
    sql`s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.property_id = ${propertyId}`,
  )}) s`;

/** Of the whole stay, also where it begins before the range or ends behind it. */
const nights = sql`(${lastDay} - ${firstDay})`;
const units = rawSql(`(select string_agg(u.name, ', ' order by u.name) from guests.unit_particulars u
  where u.bucket = s.bucket and u.organization_id = s.organization_id and u.unit_id = any (s.unit_ids))`);

/**
 * The parties of a property that touch a range: what happened, and until it has, what was agreed. Who is expected or cancelled is in no
 * total. How to reach a guest and what his papers say stays in the product: a file goes from hand to hand.
 */
export const staysTable: ReportTable = {
  name: 'stays',
  title: 'Stays',
  columns: [
    { name: 'arrival', title: 'Arrival', kind: 'day' },
    { name: 'departure', title: 'Departure', kind: 'day' },
    { name: 'nights', title: 'Nights', kind: 'count' },
    { name: 'guestName', title: 'Guest', kind: 'text' },
    { name: 'country', title: 'Country', kind: 'text' },
    { name: 'adults', title: 'Adults', kind: 'count' },
    { name: 'children', title: 'Children', kind: 'count' },
    { name: 'units', title: 'Units', kind: 'text' },
    { name: 'status', title: 'Status', kind: 'text' },
    { name: 'externalReference', title: 'Reference', kind: 'text' },
    { name: 'id', title: 'Id', kind: 'text' },
  ],
  projections: ['guests_unit_particulars'],
  count: (range) => sql`select count(*) as count ${ofRange(range)}`,
  rows: (range) => sql`
    select json_build_object('arrival', ${firstDay}, 'departure', ${lastDay}, 'nights', ${nights}, 'guestName', s.guest_name, 'country', s.country,
      'adults', s.adults, 'children', s.children, 'units', ${units}, 'status', s.status, 'externalReference', s.external_reference, 'id', s.id) as row
    ${ofRange(range)} order by ${firstDay}, s.id`,
  totals: (range) => sql`
    select json_build_object('nights', sum(${nights}), 'adults', sum(s.adults), 'children', sum(s.children)) as row
    ${ofRange(range)} where s.status in ('in-house', 'departed') having count(*) > 0`,
};
