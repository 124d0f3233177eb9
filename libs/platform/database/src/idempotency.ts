import { createHash } from 'node:crypto';
import type { OrganizationTransaction } from './organization-transaction';
import { type Sql, sql } from './sql';

/** An idempotency key with what it was used for: `fingerprint` covers method, route and canonical body. */
export interface IdempotencyKey {
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** The answer that the first request with a key got. */
export interface StoredAnswer {
  readonly body: string;
  readonly version: number;
}

export type ClaimVerdict =
  { kind: 'first' } | { kind: 'in-progress' } | { kind: 'reused' } | { kind: 'replay'; answer: StoredAnswer };

/** How long a completed answer is replayed. Published in the documentation of the header. */
export const IDEMPOTENCY_HOURS = 24;

/**
 * Claims the key for this transaction. "In progress" is told by a lock that the transaction holds, not by a lease: when the first
 * request dies, its lock dies with it and the next one simply runs.
 */
export async function claimKey(
  transaction: OrganizationTransaction,
  userId: number,
  { key, fingerprint }: IdempotencyKey,
): Promise<ClaimVerdict> {
  const lock = createHash('sha256')
    .update(`${transaction.organizationId}:${userId}:${key}`)
    .digest()
    .readBigInt64BE()
    .toString();
  // Two statements on purpose: the second one's snapshot must be younger than the lock, or it could miss an answer just committed.
  const [locked, stored] = await Promise.all([
    transaction.query<{ locked: boolean }>(sql`select pg_try_advisory_xact_lock(${lock}::bigint) as locked`),
    transaction.query<{ fingerprint: Buffer; body: string; version: string }>(sql`
      select fingerprint, body, version from http.idempotency_records
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and user_id = ${userId} and key = ${key}
        and expires_at > now()`),
  ]);
  const record = stored[0];
  if (record) {
    if (!record.fingerprint.equals(fingerprint)) return { kind: 'reused' };
    return { kind: 'replay', answer: { body: record.body, version: Number(record.version) } };
  }
  return { kind: locked[0]?.locked ? 'first' : 'in-progress' };
}

/** The record to be written by the last statement. An expired one under the same key is replaced; a live one fails the transaction. */
export const claimRecord = (
  transaction: OrganizationTransaction,
  userId: number,
  { key, fingerprint }: IdempotencyKey,
  body: string,
): Sql => sql`
  insert into http.idempotency_records as r (bucket, organization_id, user_id, key, fingerprint, body, version, expires_at)
  select ${transaction.bucket}::smallint, ${transaction.organizationId}::bigint, ${userId}::bigint, ${key}::text, ${fingerprint}::bytea, ${body}::text,
    head.version, now() + ${`${IDEMPOTENCY_HOURS} hours`}::interval
  from head
  on conflict (bucket, organization_id, user_id, key) do update
    set fingerprint = excluded.fingerprint, body = excluded.body, version = excluded.version,
        expires_at = case when r.expires_at <= now() then excluded.expires_at end`;
