import { SignInFamilyRevoked } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { revokeSessions } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import type { NewSession } from './begin-session';
import type { EndReason, PresentedToken } from './session';
import { type User, maySignIn } from './user';
import { type UserRow, toUser, userColumns } from './user.sql';

/** A session ends after so long, however often it is refreshed: then the user signs in again. */
const SESSION_LIFETIME = '180 days';
/** A device that is not used for so long is signed out. */
const REFRESH_TOKEN_LIFETIME = '30 days';

/** A refresh token, with all that decides what becomes of it. */
export interface FoundToken extends PresentedToken {
  readonly sessionId: string;
  readonly user: User;
  readonly now: Date;
}

interface TokenRow extends UserRow {
  session_id: string;
  expires_at: Date;
  rotated_at: Date | null;
  session_expires_at: Date;
  revoked_at: Date | null;
  now: Date;
}

/** Sessions and their refresh tokens. All times are the database's, so that instances need not agree on theirs. */
@Injectable()
export class SessionStore {
  start(transaction: OrganizationTransaction, { id, userId, tokenHash, userAgent }: NewSession): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      insert into identity.sessions (bucket, organization_id, id, user_id, user_agent, expires_at)
      values (${bucket}, ${organizationId}, ${id}, ${userId}, ${userAgent}, now() + ${SESSION_LIFETIME}::interval)`);
    transaction.write(sql`
      insert into identity.refresh_tokens (bucket, organization_id, hash, session_id, expires_at)
      values (${bucket}, ${organizationId}, ${tokenHash}, ${id}, now() + ${REFRESH_TOKEN_LIFETIME}::interval)`);
  }

  async findToken(transaction: OrganizationTransaction, tokenHash: Buffer): Promise<FoundToken | undefined> {
    // Locks the token before its session, always: parallel refreshes queue here, and the second sees the first one's rotation.
    const [row] = await transaction.query<TokenRow>(sql`
      select t.session_id, t.expires_at, t.rotated_at, s.expires_at as session_expires_at, s.revoked_at, clock_timestamp() as now, ${userColumns}
      from identity.refresh_tokens t
        join identity.sessions s on s.bucket = t.bucket and s.organization_id = t.organization_id and s.id = t.session_id
        join identity.users u on u.bucket = s.bucket and u.organization_id = s.organization_id and u.id = s.user_id
      where t.bucket = ${transaction.bucket} and t.organization_id = ${transaction.organizationId} and t.hash = ${tokenHash}
      for no key update of t, s`);
    if (!row) return undefined;
    const user = toUser(row);
    return {
      sessionId: row.session_id,
      expiresAt: row.expires_at,
      rotatedAt: row.rotated_at,
      sessionExpiresAt: row.session_expires_at,
      sessionRevokedAt: row.revoked_at,
      mayUserSignIn: maySignIn(user),
      user,
      now: row.now,
    };
  }

  rotate(transaction: OrganizationTransaction, sessionId: string, presentedHash: Buffer, freshHash: Buffer): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.refresh_tokens set rotated_at = clock_timestamp()
      where bucket = ${bucket} and organization_id = ${organizationId} and hash = ${presentedHash} and rotated_at is null`);
    transaction.write(sql`
      insert into identity.refresh_tokens (bucket, organization_id, hash, session_id, expires_at)
      select bucket, organization_id, ${freshHash}::bytea, id, least(expires_at, now() + ${REFRESH_TOKEN_LIFETIME}::interval)
      from identity.sessions where bucket = ${bucket} and organization_id = ${organizationId} and id = ${sessionId}
      on conflict do nothing`);
    transaction.write(sql`
      update identity.sessions set last_used_at = clock_timestamp()
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${sessionId}`);
  }

  /** Which of the user's sessions go on; locked to the end of the transaction. Without ids: all of them. */
  async findLive(transaction: OrganizationTransaction, userId: number, sessionId?: string): Promise<string[]> {
    const { bucket, organizationId } = transaction;
    const rows = await transaction.query<{ id: string }>(sql`
      select id from identity.sessions
      where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId}
        and (${sessionId ?? null}::uuid is null or id = ${sessionId ?? null}) and revoked_at is null and expires_at > now()
      order by id for no key update`);
    return rows.map(({ id }) => id);
  }

  /** Ends sessions: their refresh tokens at once, their access tokens within seconds. */
  end(transaction: OrganizationTransaction, userId: number, sessionIds: readonly string[], reason: EndReason): void {
    if (sessionIds.length === 0) return;
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.sessions set revoked_at = clock_timestamp(), revoked_reason = ${reason}
      where bucket = ${bucket} and organization_id = ${organizationId} and id = any (${sessionIds}::uuid[])`);
    transaction.write(revokeSessions(transaction, userId, sessionIds));
    for (const sessionId of sessionIds)
      transaction.record(SignInFamilyRevoked({ userId, sessionId, reason }, { entityId: sessionId }));
  }
}
