import { sql } from '@innkeep/platform/database';
import type { ReportRange, ReportTable } from '@innkeep/platform/feature';
import { occupancyByDay, occupancyCounts } from '../get-occupancy/occupancy.sql';

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
    select jsonb_build_object('businessDay', day) || ${occupancyCounts} as row from (${occupancyByDay(range)}) o group by day order by day`,
  totals: (range) => sql`select ${occupancyCounts} as row from (${occupancyByDay(range)}) o having count(*) > 0`,
};
