import { TransactionApproved, TransactionReversed } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

/** The approved transactions of each business day, for the reports that show them. */
export const dayTransactions = defineProjection({
  name: 'reports_day_transactions',
  version: 1,
  events: [TransactionApproved, TransactionReversed],
  table: 'reports.day_transactions',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, property_id, business_on, occurred_at, transaction_id, kind, amount_cents, currency,
      description, category, payment_mode, reversal_of)
    select bucket, organization_id, property_id, (data->>'businessDay')::date, (data->>'occurredAt')::timestamptz, (data->>'transactionId')::uuid,
      data->>'kind', (data->>'amountCents')::bigint, data->>'currency', data->>'description', data->>'category', data->>'paymentMode',
      (data->>'reversalOf')::uuid
    from ${batch} e where type in ('TransactionApproved', 'TransactionReversed')`,
});
