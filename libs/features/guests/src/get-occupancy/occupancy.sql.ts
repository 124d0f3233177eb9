import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import { type DaysOfProperty, stayDaysAround } from '../stay-days-around.sql';

/**
 * How a property is filled on each day of a range: one row a day. A party fills the nights from its arrival up to and without its
 * departure: what happened, or else what was agreed. Only who has come fills any; who is expected is counted beside it.
 */
export const occupancyByDay = ({ bucket, organizationId, propertyId, from, to }: DaysOfProperty): Sql => sql`
  with days as (
    select day::date as day from generate_series(${from}::date, ${to}::date, interval '1 day') day
  ),
  stays as (
    select status, unit_count, party_size, greatest(coalesce(arrived_on, arrives_on), ${from}::date) as first,
      least(coalesce(departed_on, departs_on) - 1, ${to}::date) as last
    from (${stayDaysAround({ bucket, organizationId, propertyId, from, to })}) around
    where status <> 'cancelled' and greatest(departs_on, departed_on) > ${from}::date and coalesce(arrived_on, arrives_on) <= ${to}::date
  ),
  filled as (
    select night::date as day, sum(unit_count) filter (where status <> 'expected') as occupied,
      sum(party_size) filter (where status <> 'expected') as guests, sum(unit_count) filter (where status = 'expected') as expected
    from stays, generate_series(first, last, interval '1 day') night where first <= last group by 1
  ),
  counted as (
    select d.day, count(u.unit_id) as units, count(u.unit_id) filter (where d.day <@ u.out_of_order) as out_of_order
    from days d
    left join guests.unit_days u on u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.property_id = ${propertyId}
      and d.day <@ u.in_service
    group by d.day
  )
  select c.day, c.units, c.out_of_order, c.units - c.out_of_order as available, coalesce(f.occupied, 0) as occupied,
    coalesce(f.guests, 0) as guests, coalesce(f.expected, 0) as expected
  from counted c left join filled f using (day)`;

/** What some of these days come to, under the names that clients know: an aggregate, as jsonb. Where no unit is available there is no rate. */
export const occupancyCounts =
  rawSql(`jsonb_build_object('units', sum(units), 'outOfOrder', sum(out_of_order), 'available', sum(available),
  'occupied', sum(occupied), 'expected', sum(expected), 'guests', sum(guests),
  'occupancyRate', round(sum(occupied)::numeric / nullif(sum(available), 0), 4))`);
