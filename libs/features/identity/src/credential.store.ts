import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';
import { askMail } from '@innkeep/platform/mail';
import { Injectable } from '@nestjs/common';
import { SessionStore } from './session.store';

/** The password and the address of users. */
@Injectable()
export class CredentialStore {
  constructor(private readonly sessions: SessionStore) {}

  /** The user's address and password hash; the user is locked to the end of the transaction. */
  async load(
    transaction: OrganizationTransaction,
    userId: number,
  ): Promise<{ email: string; passwordHash: string; isEmailVerified: boolean } | undefined> {
    const [row] = await transaction.query<{ email: string; password_hash: string; is_verified: boolean }>(sql`
      select email, password_hash, email_verified_at is not null as is_verified from identity.users
      where ${isUser(transaction, userId)} and status = 'active' for no key update`);
    return row && { email: row.email, passwordHash: row.password_hash, isEmailVerified: row.is_verified };
  }

  /**
   * Sets a new password, ends the user's sessions but for the one kept, and asks for a mail that tells of it. Answers whether the
   * address was verified by this.
   */
  async setPassword(
    transaction: OrganizationTransaction,
    userId: number,
    passwordHash: string,
    { keptSessionId, isEmailProven = false }: { keptSessionId?: string; isEmailProven?: boolean } = {},
  ): Promise<boolean> {
    const [user, live] = await Promise.all([
      this.load(transaction, userId),
      this.sessions.findLive(transaction, userId),
    ]);
    const isVerifiedNow = isEmailProven && user?.isEmailVerified === false;
    transaction.write(sql`
      update identity.users set password_hash = ${passwordHash}, version = (select version from head),
        email_verified_at = case when ${isVerifiedNow} then now() else email_verified_at end
      where ${isUser(transaction, userId)}`);
    const ended = live.filter((id) => id !== keptSessionId);
    this.sessions.end(transaction, userId, ended, 'password-changed');
    transaction.write(askMail(transaction, 'password-changed', String(userId)));
    return isVerifiedNow;
  }

  verifyEmail(transaction: OrganizationTransaction, userId: number): void {
    transaction.write(sql`
      update identity.users set email_verified_at = coalesce(email_verified_at, now()), version = (select version from head)
      where ${isUser(transaction, userId)}`);
  }
}

const isUser = ({ bucket, organizationId }: OrganizationTransaction, userId: number): Sql =>
  sql`bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId}`;
