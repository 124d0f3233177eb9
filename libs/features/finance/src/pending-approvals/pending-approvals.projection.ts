import {
  TransactionApprovalAdvanced,
  TransactionApproved,
  TransactionChanged,
  TransactionDeleted,
  TransactionRecorded,
  TransactionRejected,
} from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

const isPending = rawSql(`type in ('TransactionRecorded', 'TransactionChanged', 'TransactionApprovalAdvanced')`);

/**
 * What waits to be approved, one row for each pending transaction. Only the last event of each transaction in the batch decides:
 * statements inside one statement do not see each other's rows, so one that were inserted and deleted here would stay.
 *
 * Who recorded it, and when, is said by the first event: of the batch, or of the batch before, which an update leaves as it is.
 */
export const pendingApprovals = defineProjection({
  name: 'finance_pending_approvals',
  version: 2,
  events: [
    TransactionRecorded,
    TransactionChanged,
    TransactionApprovalAdvanced,
    TransactionApproved,
    TransactionRejected,
    TransactionDeleted,
  ],
  table: 'finance.pending_approvals',
  fold: (batch, table) => sql`
    with latest as materialized (
      select distinct on (bucket, organization_id, data->>'transactionId') bucket, organization_id, (data->>'transactionId')::uuid as transaction_id,
        type, version, data, first_value(actor_id) over history as recorded_by, first_value(recorded_at) over history as recorded_at,
        first_value(version) over history as recorded_version
      from ${batch} e
      where type in ('TransactionRecorded', 'TransactionChanged', 'TransactionApprovalAdvanced', 'TransactionApproved', 'TransactionRejected',
        'TransactionDeleted')
      window history as (partition by bucket, organization_id, data->>'transactionId' order by version)
      order by bucket, organization_id, data->>'transactionId', version desc
    ),
    settled as (
      delete from ${table} p using latest l
      where (p.bucket, p.organization_id, p.transaction_id) = (l.bucket, l.organization_id, l.transaction_id) and not ${isPending}
    )
    insert into ${table} (bucket, organization_id, transaction_id, kind, property_id, amount_cents, currency, description, category, payment_mode,
      occurred_at, business_on, recorded_by, recorded_at, recorded_version, tax, approval, version)
    select bucket, organization_id, transaction_id, data->>'kind', (data->>'propertyId')::bigint, (data->>'amountCents')::bigint, data->>'currency',
      data->>'description', data->>'category', data->>'paymentMode', (data->>'occurredAt')::timestamptz, (data->>'businessDay')::date,
      recorded_by, recorded_at, recorded_version, nullif(data->'tax', 'null'), nullif(data->'approval', 'null'), version
    from latest where ${isPending}
    on conflict (bucket, organization_id, transaction_id) do update
      set amount_cents = excluded.amount_cents, currency = excluded.currency, description = excluded.description, category = excluded.category,
          payment_mode = excluded.payment_mode, occurred_at = excluded.occurred_at, business_on = excluded.business_on,
          tax = excluded.tax, approval = excluded.approval, version = excluded.version`,
});
