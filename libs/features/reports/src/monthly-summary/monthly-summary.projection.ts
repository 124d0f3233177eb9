import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What was received and spent in each business month. A reversal brings the opposite amount, in the month it was made. */
export const monthlySummary = defineProjection({
  name: 'reports_monthly_summary',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'reports.monthly_summary',
  fold: (batch, table) => sql`
    insert into ${table} as s (bucket, organization_id, property_id, month_on, currency, received_cents, expenses_cents, transaction_count)
    select bucket, organization_id, property_id, (left(data->>'businessDay', 7) || '-01')::date, data->>'currency',
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'revenue'), 0),
      coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'expense'), 0),
      count(*)
    from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')
    group by 1, 2, 3, 4, 5
    on conflict (bucket, organization_id, property_id, month_on, currency) do update
      set received_cents = s.received_cents + excluded.received_cents, expenses_cents = s.expenses_cents + excluded.expenses_cents,
          transaction_count = s.transaction_count + excluded.transaction_count`,
});
