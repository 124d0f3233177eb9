import { Directory, Reader, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { User } from './user';
import { type UserRow, toUser, userColumns } from './user.sql';

/** Somebody who signs in with an address. */
export interface KnownUser {
  readonly organizationId: number;
  readonly user: User;
  readonly passwordHash: string;
  readonly hasSecondFactor: boolean;
}

/** Finds users by the address they sign in with: the organization in the directory, the user on its shard. */
@Injectable()
export class SignInStore {
  constructor(
    private readonly directory: Directory,
    private readonly reader: Reader,
  ) {}

  /**
   * The user of an address. What counts is the user on the shard: the directory's row may be a reservation that nothing came of, or
   * one whose confirmation got lost after the user was made.
   */
  async find(emailHash: Buffer): Promise<KnownUser | undefined> {
    const signIn = await this.directory.findSignIn(emailHash);
    if (!signIn) return undefined;
    const { organizationId, userId } = signIn;
    const { rows } = await this.reader.read<
      UserRow & { password_hash: string; has_second_factor: boolean; is_erased: boolean }
    >(
      { organizationId },
      ({ bucket }) => sql`
        select ${userColumns}, u.password_hash, u.erased_at is not null as is_erased, exists (select from identity.second_factors f where f.bucket = u.bucket
          and f.organization_id = u.organization_id and f.user_id = u.id and f.confirmed_at is not null) as has_second_factor
        from identity.users u
        where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.id = ${userId}`,
    );
    const [row] = rows;
    // The erasure was cut off before the directory heard of it.
    if (row?.is_erased) {
      await this.forget(organizationId, userId);
      return undefined;
    }
    return (
      row && {
        organizationId,
        user: toUser(row),
        passwordHash: row.password_hash,
        hasSecondFactor: row.has_second_factor,
      }
    );
  }

  /** Whether somebody signs in with the address already. Makes up for a confirmation that got lost. */
  async isTaken(emailHash: Buffer): Promise<boolean> {
    const known = await this.find(emailHash);
    if (known) await this.directory.confirmSignIn(emailHash);
    return known !== undefined;
  }

  /** Reserves an address for a user to be made: the user's id, or undefined if the address is somebody's. */
  async reserve(emailHash: Buffer, organizationId: number): Promise<number | undefined> {
    if (await this.isTaken(emailHash)) return undefined;
    const userId = await this.directory.nextId('user');
    return (await this.directory.reserveUser(emailHash, organizationId, userId)) ? userId : undefined;
  }

  /** Forgets the addresses of a user who was erased: whoever has one of them may sign up with it again. */
  async forget(organizationId: number, userId: number): Promise<void> {
    await this.directory.forgetSignIns(organizationId, userId);
  }

  /** To be called once the user is committed. */
  async confirm(emailHash: Buffer): Promise<void> {
    await this.directory.confirmSignIn(emailHash);
  }
}
