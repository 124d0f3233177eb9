import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What was received and spent on each business day. A reversal brings the opposite amount, on the day it was made. */
export const dailySummary = defineProjection({
  name: 'reports_daily_summary',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'reports.daily_summary',
  fold: (batch, table) => sql`
    insert into ${table} as s (bucket, organization_id, property_id, business_on, currency, received_cents, expenses_cents, transaction_count)
    select bucket, organization_id, property_id, (data->>'businessDay')::date, data->>'currency',
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'revenue'), 0),
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'expense'), 0),
      count(*)
    from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')
    group by 1, 2, 3, 4, 5
    on conflict (bucket, organization_id, property_id, business_on, currency) do update
      set received_cents = s.received_cents + excluded.received_cents, expenses_cents = s.expenses_cents + excluded.expenses_cents,
          transaction_count = s.transaction_count + excluded.transaction_count`,
});
