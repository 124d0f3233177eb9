import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** The categories of revenue that are for nights, however they are capitalized: rates are made of these alone. */
export const roomCategories: readonly string[] = ['accommodation', 'room', 'rooms'];

/**
 * What was approved on each business day. A reversal brings the opposite amount, on its own day. Amounts are as they were given, which
 * is what the reports count; of what is for nights the tax is left out, because rates that hold a tax compare with nobody's.
 */
export const days = defineProjection({
  name: 'analytics_days',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'analytics.days',
  fold: (batch, table) => sql`
    insert into ${table} as d (bucket, organization_id, property_id, business_on, currency, revenue_cents, room_revenue_cents, expenses_cents)
    select bucket, organization_id, property_id, (data->>'businessDay')::date, data->>'currency',
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'revenue'), 0),
      coalesce(sum(coalesce(data->'tax'->>'netCents', data->>'amountCents')::bigint) filter (where data->>'kind' = 'revenue'
        and lower(data->>'category') = any (${roomCategories}::text[])), 0),
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'expense'), 0)
    from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')
    group by 1, 2, 3, 4, 5
    on conflict (bucket, organization_id, property_id, business_on, currency) do update
      set revenue_cents = d.revenue_cents + excluded.revenue_cents, room_revenue_cents = d.room_revenue_cents + excluded.room_revenue_cents,
          expenses_cents = d.expenses_cents + excluded.expenses_cents`,
});
