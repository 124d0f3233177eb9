import { rawSql } from '@innkeep/platform/database';

/** An approved transaction as reports show it, from the row `t` of `reports.day_transactions`. */
export const dayTransactionJson = rawSql(`json_build_object(
  'id', t.transaction_id, 'kind', t.kind, 'amountCents', t.amount_cents, 'currency', t.currency, 'description', t.description, 'category', t.category,
  'paymentMode', t.payment_mode, 'occurredAt', to_char(t.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reversalOf', t.reversal_of)`);
