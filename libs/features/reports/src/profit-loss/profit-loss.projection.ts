import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** What each category brought in or cost in each business month. What has no category is kept under the empty one. */
export const profitLoss = defineProjection({
  name: 'reports_profit_loss',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'reports.profit_loss',
  fold: (batch, table) => sql`
    insert into ${table} as s (bucket, organization_id, property_id, month_on, kind, category, currency, amount_cents, transaction_count)
    select bucket, organization_id, property_id, (left(data->>'businessDay', 7) || '-01')::date, data->>'kind',
      coalesce(data->>'category', ''), data->>'currency', sum((data->>'amountCents')::bigint), count(*)
    from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict (bucket, organization_id, property_id, month_on, kind, category, currency) do update
      set amount_cents = s.amount_cents + excluded.amount_cents, transaction_count = s.transaction_count + excluded.transaction_count`,
});
