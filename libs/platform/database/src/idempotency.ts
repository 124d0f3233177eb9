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
 * Opens the transaction for row-level security and claims the key in it. "In progress" is told by a lock that the transaction
 * holds, not by a lease: when the first request dies, its lock dies with it and the next one simply runs.
 */
export async function claimKey(
  transaction: OrganizationTransaction,
  userId: number,
  { key, fingerprint }: IdempotencyKey,
): Promise<ClaimVerdict> {
  const { organizationId, bucket } = transaction;
  const lock = createHash('sha256').update(`${organizationId}:${userId}:${key}`).digest().readBigInt64BE().toString();
  const [found] = await transaction.query<{
    is_locked: boolean;
    fingerprint: Buffer | null;
    body: string;
    version: string;
  }>(
    sql`select is_locked, fingerprint, body, version from http.open_command(${organizationId}, ${bucket}, ${userId}, ${key}, ${lock})`,
  );
  const { is_locked, fingerprint: known, body, version } = found!;
  if (!known) return { kind: is_locked ? 'first' : 'in-progress' };
  if (!known.equals(fingerprint)) return { kind: 'reused' };
  return { kind: 'replay', answer: { body, version: Number(version) } };
}

/**
 * What the last statement is to call, to leave the record behind; `head` has the version. An expired record under the same key is
 * replaced; a live one fails the transaction.
 */
export const claimRecord = (
  { organizationId, bucket }: OrganizationTransaction,
  userId: number,
  { key, fingerprint }: IdempotencyKey,
  body: string,
): Sql =>
  sql`http.keep_answer(${organizationId}, ${bucket}, ${userId}, ${key}, ${fingerprint}, ${body}, head.version, ${`${IDEMPOTENCY_HOURS} hours`})`;

/**
 * To be written by whoever erases something: what was answered about it is not kept either. The keys are still taken, so that a repeated
 * request does not do again what it did, but no request is theirs any more: it is told that the key was used for another.
 *
 * @param id a text that every answer about the thing holds and no other does
 */
export const forgetAnswers = ({ organizationId, bucket }: OrganizationTransaction, id: string): Sql =>
  sql`update http.idempotency_records set fingerprint = ''::bytea, body = ''
    where bucket = ${bucket} and organization_id = ${organizationId} and strpos(body, ${id}) > 0`;
