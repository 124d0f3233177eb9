import { DomainError, type Principal } from '@innkeep/contracts';
import { Reader, sql } from '@innkeep/platform/database';
import { SignInAttempts, notFound } from '@innkeep/platform/http';
import { hashEmail, verifyPassword } from '@innkeep/platform/security';
import { Injectable } from '@nestjs/common';
import { identityProblems } from './identity.problems';

/** Who asks for something that takes the password once more. */
export interface Asking {
  readonly principal: Principal;
  readonly requestId: string;
  /** The network address that guesses are counted by. */
  readonly address: string;
}

/** What guesses at the password of an address are counted by, wherever they are made. */
export const attemptsAt = (emailHash: Buffer): string => `password ${emailHash.toString('base64url')}`;

/** Asks callers for their own password again, before what a stolen access token must not be enough for. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly reader: Reader,
    private readonly attempts: SignInAttempts,
  ) {}

  /** Refuses unless it is the caller's password. */
  async verify({ principal, address }: Asking, password: string): Promise<{ readonly email: string }> {
    const { organizationId, userId } = principal;
    const { rows } = await this.reader.read<{ email: string; password_hash: string }>(
      { organizationId },
      ({ bucket }) => sql`
        select email, password_hash from identity.users
        where bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId}`,
    );
    const [user] = rows;
    if (!user) throw notFound('user');
    const succeeded = await this.attempts.begin(attemptsAt(hashEmail(user.email)), address);
    if (!(await verifyPassword(user.password_hash, password))) {
      throw new DomainError(identityProblems['password-wrong'], 'Give the password that you sign in with now.');
    }
    await succeeded();
    return { email: user.email };
  }
}
