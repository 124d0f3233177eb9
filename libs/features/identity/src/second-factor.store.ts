import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';
import { askMail } from '@innkeep/platform/mail';
import { SecretKeys } from '@innkeep/platform/security';
import { Injectable } from '@nestjs/common';
import { acceptedStep, hashRecoveryCode, isAuthenticatorCode } from './second-factor';

const PURPOSE = 'second factors';

/** A user's second factor as it was found, with the time at the database. */
export interface FoundFactor {
  readonly userId: number;
  readonly secret: Buffer;
  readonly lastStep: number;
  readonly isConfirmed: boolean;
  readonly now: Date;
}

/** Second factors, their secrets sealed, and recovery codes, kept as hashes. */
@Injectable()
export class SecondFactorStore {
  constructor(private readonly keys: SecretKeys) {}

  /** The user's factor, locked to the end of the transaction: a code is used once. */
  async load(transaction: OrganizationTransaction, userId: number): Promise<FoundFactor | undefined> {
    const [row] = await transaction.query<{ sealed: Buffer; last_step: string; is_confirmed: boolean; now: Date }>(sql`
      select sealed_secret as sealed, last_step, confirmed_at is not null as is_confirmed, clock_timestamp() as now
      from identity.second_factors where ${isOf(transaction, userId)} for update`);
    if (!row) return undefined;
    return {
      userId,
      secret: this.keys.open(PURPOSE, owner(transaction, userId), row.sealed),
      lastStep: Number(row.last_step),
      isConfirmed: row.is_confirmed,
      now: row.now,
    };
  }

  /** Puts a secret in the place of one that was not confirmed. */
  enrol(transaction: OrganizationTransaction, userId: number, secret: Buffer): void {
    const { bucket, organizationId } = transaction;
    const sealed = this.keys.seal(PURPOSE, owner(transaction, userId), secret);
    transaction.write(sql`
      insert into identity.second_factors (bucket, organization_id, user_id, sealed_secret)
      values (${bucket}, ${organizationId}, ${userId}, ${sealed})
      on conflict (bucket, organization_id, user_id) do update
        set sealed_secret = excluded.sealed_secret, last_step = 0, created_at = now()
        where identity.second_factors.confirmed_at is null`);
  }

  /**
   * What uses up a code of the authenticator or a recovery code, or undefined if it is not good. Not to be called where the factor is
   * removed by the same transaction: one statement writes a row once.
   */
  async recognize(
    transaction: OrganizationTransaction,
    factor: FoundFactor,
    code: string,
  ): Promise<(() => void) | undefined> {
    const { userId, secret, lastStep, now } = factor;
    if (isAuthenticatorCode(code)) {
      const step = acceptedStep(secret, code, lastStep, now);
      if (step === undefined) return undefined;
      return () =>
        transaction.write(sql`
          update identity.second_factors set last_step = ${step}, confirmed_at = coalesce(confirmed_at, now())
          where ${isOf(transaction, userId)}`);
    }
    const hash = hashRecoveryCode(code);
    const found = await transaction.query(
      sql`select from identity.recovery_codes where ${isOf(transaction, userId)} and hash = ${hash}`,
    );
    if (found.length === 0) return undefined;
    return () => {
      transaction.write(sql`delete from identity.recovery_codes where ${isOf(transaction, userId)} and hash = ${hash}`);
      transaction.write(askMail(transaction, 'recovery-code-used', String(userId)));
    };
  }

  /** Puts new recovery codes in the place of all that were left. */
  replaceCodes(transaction: OrganizationTransaction, userId: number, codes: readonly string[]): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`delete from identity.recovery_codes where ${isOf(transaction, userId)}`);
    transaction.write(sql`
      insert into identity.recovery_codes (bucket, organization_id, user_id, hash)
      select ${bucket}::smallint, ${organizationId}::bigint, ${userId}::bigint, unnest(${codes.map(hashRecoveryCode)}::bytea[])`);
    transaction.write(askMail(transaction, 'second-factor-changed', String(userId)));
  }

  remove(transaction: OrganizationTransaction, userId: number): void {
    transaction.write(sql`delete from identity.second_factors where ${isOf(transaction, userId)}`);
    transaction.write(askMail(transaction, 'second-factor-changed', String(userId)));
  }
}

const owner = ({ organizationId }: OrganizationTransaction, userId: number) => `user ${organizationId}/${userId}`;

const isOf = ({ bucket, organizationId }: OrganizationTransaction, userId: number): Sql =>
  sql`bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId}`;
