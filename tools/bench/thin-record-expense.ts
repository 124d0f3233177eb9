import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { BenchOrganization } from './seed-organizations';

/** What the thin server is sent: the same body as the product. */
export interface ThinExpense {
  readonly propertyId: number;
  readonly amountCents: number;
  readonly description: string;
  readonly category: string;
  readonly paymentMode: string;
}

/**
 * One statement in the shape of the product's last one, into the same tables: both counters, the event, the row, the idempotency
 * record. The record's insert fails on a duplicate, which is all that idempotency takes when nothing is looked up before.
 */
const recordExpense = `
with taken as (
  update events.buckets set position = position + 1, recorded_at = greatest(recorded_at, clock_timestamp())
  where bucket = $1::smallint returning position, recorded_at
), head as (
  insert into events.organization_heads as h (bucket, organization_id, version, position)
  select $1::smallint, $2::bigint, 1, taken.position from taken
  on conflict (bucket, organization_id) do update set version = h.version + 1, position = excluded.position
  returning h.version, h.position
), recorded as (
  insert into events.log (bucket, organization_id, version, position, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data)
  select $1::smallint, $2::bigint, head.version, head.position, taken.recorded_at, 'TransactionRecorded', 1, $3::bigint, $4::text, $5::bigint, $6::text, $7::jsonb
  from head, taken
), saved as (
  insert into finance.transactions (bucket, organization_id, id, kind, property_id, amount_cents, currency, description, category, payment_mode,
    occurred_at, business_on, status, recorded_by, version)
  select $1::smallint, $2::bigint, $4::uuid, 'expense', $3::bigint, $8::bigint, 'EUR', $9::text, $10::text, $11::text, $12::timestamptz, $13::date,
    'pending', $5::bigint, head.version from head
), claimed as (
  insert into http.idempotency_records (bucket, organization_id, user_id, key, fingerprint, body, version, expires_at)
  select $1::smallint, $2::bigint, $5::bigint, $6::text, $14::bytea, $15::text, head.version, now() + interval '24 hours' from head
) select version from head`;

const fingerprint = Buffer.alloc(32);

/** Records an expense in one round trip and answers with its body. With a `name` the statement is planned once for each connection. */
export async function recordThinly(
  pool: Pool,
  { organizationId, bucket, userId }: BenchOrganization,
  key: string,
  expense: ThinExpense,
  name?: string,
): Promise<{ body: string; version: string }> {
  const id = uuidv7();
  const now = new Date().toISOString();
  const day = now.slice(0, 10);
  const { propertyId, amountCents, description, category, paymentMode } = expense;
  const particulars = { kind: 'expense', ...expense, currency: 'EUR', occurredAt: now, businessDay: day };
  const snapshot = { ...particulars, status: 'pending', externalReference: null, reversalOf: null };
  const undecided = { decidedBy: null, decidedAt: null, decisionReason: null, reversedBy: null };
  const body = JSON.stringify({ id, ...snapshot, recordedBy: userId, ...undecided });
  // The projector reads these events as it reads the product's: the payload is the same.
  const event = JSON.stringify({ transactionId: id, ...snapshot });
  const values = [bucket, organizationId, propertyId, id, userId, key, event, amountCents, description, category];
  const further = [paymentMode, now, day, fingerprint, body];
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    const [, , { rows }] = await Promise.all([
      client.query('begin'),
      client.query("select set_config('app.organization_id', $1, true)", [String(organizationId)]),
      client.query<{ version: string }>({ name, text: recordExpense, values: [...values, ...further] }),
      client.query('commit'),
    ]);
    return { body, version: rows[0]!.version };
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}
