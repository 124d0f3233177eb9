import { type Sql, sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';
import { occupancyByDay } from '../get-occupancy/occupancy.sql';

const rate = (occupied: Sql, available: Sql): Sql => sql`round(${occupied}::numeric / nullif(${available}, 0), 4)`;

/** How a property is filled, day by day. A day without a unit in service has no rate. */
export const occupancyTable: ReportTable = {
  name: 'occupancy',
  title: 'Occupancy',
  columns: [
    { name: 'businessDay', title: 'Day', kind: 'day' },
    { name: 'units', title: 'Units', kind: 'count' },
    { name: 'outOfOrder', title: 'Out of order', kind: 'count' },
    { name: 'available', title: 'Available', kind: 'count' },
    { name: 'occupied', title: 'Occupied', kind: 'count' },
    { name: 'occupancyRate', title: 'Rate', kind: 'rate' },
    { name: 'guests', title: 'Guests', kind: 'count' },
    { name: 'expected', title: 'Expected', kind: 'count' },
  ],
  projections: ['guests_stay_days', 'guests_unit_days'],
  count: ({ from, to }: ReportRange) => sql`select ${to}::date - ${from}::date + 1 as count`,
  rows: (range) => sql`
    select json_build_object('businessDay', day, 'units', units, 'outOfOrder', out_of_order, 'available', available, 'occupied', occupied,
      'occupancyRate', ${rate(sql`occupied`, sql`available`)}, 'guests', guests, 'expected', expected) as row
    from (${occupancyByDay(range)}) o order by day`,
  totals: (range) => sql`
    select json_build_object('units', sum(units), 'outOfOrder', sum(out_of_order), 'available', sum(available), 'occupied', sum(occupied),
      'occupancyRate', ${rate(sql`sum(occupied)`, sql`sum(available)`)}, 'guests', sum(guests), 'expected', sum(expected)) as row
    from (${occupancyByDay(range)}) o having count(*) > 0`,
};
