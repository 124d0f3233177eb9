import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { type OneTimeTokenKind, oneTimeTokens } from './one-time-token';

/** A one-time token as it was found. */
export interface FoundOneTimeToken {
  readonly userId: number;
  /** How often it was tried with a wrong code. */
  readonly attempts: number;
}

/** Tokens that are used once, kept as hashes. All times are the database's, so that instances need not agree on theirs. */
@Injectable()
export class OneTimeTokenStore {
  add(transaction: OrganizationTransaction, kind: OneTimeTokenKind, userId: number, hash: Buffer): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      insert into identity.one_time_tokens (bucket, organization_id, hash, kind, user_id, expires_at)
      values (${bucket}, ${organizationId}, ${hash}, ${kind}, ${userId}, now() + ${oneTimeTokens[kind]}::interval)`);
  }

  /** The token, if it is good and its user may sign in; locked to the end of the transaction: it is used once. */
  async load(
    transaction: OrganizationTransaction,
    kind: OneTimeTokenKind,
    hash: Buffer,
  ): Promise<FoundOneTimeToken | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ user_id: string; attempts: number }>(sql`
      select t.user_id, t.attempts from identity.one_time_tokens t
        join identity.users u on u.bucket = t.bucket and u.organization_id = t.organization_id and u.id = t.user_id
      where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.hash = ${hash} and t.kind = ${kind}
        and t.expires_at > clock_timestamp() and u.status = 'active'
        and exists (select from identity.organizations o where o.bucket = u.bucket and o.organization_id = u.organization_id and o.status = 'active')
      for update of t`);
    return row && { userId: Number(row.user_id), attempts: row.attempts };
  }

  /** How many of the user's tokens of a kind are still good. */
  async count(transaction: OrganizationTransaction, kind: OneTimeTokenKind, userId: number): Promise<number> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ count: number }>(sql`
      select count(*)::integer as count from identity.one_time_tokens
      where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId} and kind = ${kind} and expires_at > now()`);
    return row!.count;
  }

  countAttempt(transaction: OrganizationTransaction, hash: Buffer): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.one_time_tokens set attempts = attempts + 1
      where bucket = ${bucket} and organization_id = ${organizationId} and hash = ${hash}`);
  }

  /** Ends all of the user's tokens of a kind: the one that was used, and those sent before it. */
  removeAll(transaction: OrganizationTransaction, kind: OneTimeTokenKind, userId: number): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      delete from identity.one_time_tokens
      where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId} and kind = ${kind}`);
  }

  remove(transaction: OrganizationTransaction, hash: Buffer): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      delete from identity.one_time_tokens
      where bucket = ${bucket} and organization_id = ${organizationId} and hash = ${hash}`);
  }
}
