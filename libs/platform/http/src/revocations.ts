import type { Principal } from '@innkeep/contracts';
import { type OrganizationTransaction, type Shards, type Sql, asUnavailable, sql } from '@innkeep/platform/database';
import { ACCESS_TOKEN_SECONDS, unauthenticated } from './access-tokens';

/** How often what is new is read. In milliseconds. */
const POLL_MS = 1_000;
/** With what was read longer ago than this nobody is let in: it is read first. With one more poll this stays under five seconds. */
const MAX_AGE_MS = 3_500;
/** Longer than any statement runs: a revocation that was written earlier may have been committed later than the last look. */
const OVERLAP_MS = 30_000;
/** Access tokens are over after this, whatever happens to them. */
const KEPT_MS = (ACCESS_TOKEN_SECONDS + 60) * 1_000;

interface Revocation {
  readonly userId: number;
  readonly sessionId: string | null;
  readonly permissionEpoch: number | null;
  readonly revokedAt: number;
}

interface Revoked {
  readonly permissionEpoch: number;
  readonly revokedAt: number;
}

/** Ends the access tokens of sessions: to be written in the transaction that ends the sessions. */
export const revokeSessions = (
  { bucket, organizationId }: OrganizationTransaction,
  userId: number,
  sessionIds: readonly string[],
): Sql => sql`
  insert into http.revocations (bucket, organization_id, user_id, session_id)
  select ${bucket}::smallint, ${organizationId}::bigint, ${userId}::bigint, unnest(${sessionIds}::uuid[])`;

/** Ends the access tokens that a user was given before the permission epoch: to be written with the change of rights. */
export const revokeRights = (
  { bucket, organizationId }: OrganizationTransaction,
  userId: number,
  permissionEpoch: number,
): Sql => sql`
  insert into http.revocations (bucket, organization_id, user_id, permission_epoch)
  values (${bucket}, ${organizationId}, ${userId}, ${permissionEpoch})`;

/**
 * What has ended access tokens before their time, as far as it still matters, in the memory of each API process: a request is checked
 * without asking anybody. Read from PostgreSQL once a second, so neither Redis nor the projector has a part in it. A process that
 * could not read it for some seconds lets nobody in until it can.
 */
export class Revocations {
  private readonly sessions = new Map<string, number>();
  private readonly users = new Map<number, Revoked>();
  private readonly seenUntil = new Map<string, Date>();
  private shards: Shards | undefined;
  private polling: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private currentUntil = 0;
  /** Grows whenever something was revoked that was not known. */
  revision = 0;

  /** Reads what is new from now on. */
  follow(shards: Shards): void {
    this.shards = shards;
    this.polling = setInterval(() => void this.becomeCurrent().catch(() => undefined), POLL_MS);
    void this.becomeCurrent().catch(() => undefined);
  }

  stop(): void {
    clearInterval(this.polling);
  }

  /** Whether what is known is young enough to judge by. */
  get isCurrent(): boolean {
    return performance.now() < this.currentUntil;
  }

  /** Resolves once what is new has been read; refuses if it cannot be. Who asks while it is read waits for that reading. */
  becomeCurrent(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Why a caller's access token has ended before its time, if it has. */
  refusalOf({ sessionId, userId, permissionEpoch }: Principal): Error | undefined {
    if (sessionId !== undefined && this.sessions.has(sessionId))
      return unauthenticated('token-invalid', 'The session was ended. Sign in again.', 'invalid_token');
    const revoked = this.users.get(userId);
    if (revoked && permissionEpoch < revoked.permissionEpoch)
      return unauthenticated(
        'token-expired',
        'Your rights have changed. Ask for a new one with the refresh token.',
        'invalid_token',
      );
    return undefined;
  }

  private async read(): Promise<void> {
    const begun = performance.now();
    if (!this.shards) throw new Error('nothing is followed yet');
    await Promise.all(
      this.shards.all.map(async ({ name, pool }) => {
        const since = new Date((this.seenUntil.get(name)?.getTime() ?? Date.now() - KEPT_MS) - OVERLAP_MS);
        const { rows } = await pool
          .query<{
            as_of: Date;
            revocations: Revocation[];
          }>('select as_of, revocations from http.revocations_since($1)', [since])
          .catch((error: unknown) => {
            throw asUnavailable(error);
          });
        const { as_of, revocations } = rows[0]!;
        this.seenUntil.set(name, as_of);
        revocations.forEach((one) => this.add(one));
        this.forgetBefore(as_of.getTime() - KEPT_MS);
      }),
    );
    // From the beginning of the reading: what was committed while it ran may be missing from it.
    this.currentUntil = begun + MAX_AGE_MS;
  }

  private add({ userId, sessionId, permissionEpoch, revokedAt }: Revocation): void {
    if (sessionId !== null && !this.sessions.has(sessionId)) {
      this.sessions.set(sessionId, revokedAt);
      this.revision++;
    }
    if (permissionEpoch === null) return;
    const known = this.users.get(userId);
    if (known && known.permissionEpoch >= permissionEpoch) return;
    this.users.set(userId, { permissionEpoch, revokedAt });
    this.revision++;
  }

  private forgetBefore(moment: number): void {
    for (const [id, revokedAt] of this.sessions) if (revokedAt < moment) this.sessions.delete(id);
    for (const [id, { revokedAt }] of this.users) if (revokedAt < moment) this.users.delete(id);
  }
}
