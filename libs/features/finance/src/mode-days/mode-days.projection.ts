import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/**
 * What each business day moved in each payment mode: what changed hands, so with the taxes that come on top. A key holds no null: the
 * empty text, which no payment mode is, stands for none.
 */
export const modeDays = defineProjection({
  name: 'finance_mode_days',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'finance.mode_days',
  fold: (batch, table) => sql`
    insert into ${table} as s (bucket, organization_id, property_id, payment_mode, currency, business_on, received_cents, expenses_cents)
    select bucket, organization_id, property_id, payment_mode, currency, business_on,
      coalesce(sum(cents) filter (where kind = 'revenue'), 0), coalesce(sum(cents) filter (where kind = 'expense'), 0)
    from (
      select bucket, organization_id, property_id, coalesce(data->>'paymentMode', '') as payment_mode, data->>'currency' as currency,
        (data->>'businessDay')::date as business_on, data->>'kind' as kind,
        coalesce(data->'tax'->>'grossCents', data->>'amountCents')::bigint as cents
      from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')
    ) moved
    group by 1, 2, 3, 4, 5, 6
    on conflict (bucket, organization_id, property_id, payment_mode, currency, business_on) do update
      set received_cents = s.received_cents + excluded.received_cents, expenses_cents = s.expenses_cents + excluded.expenses_cents`,
});
