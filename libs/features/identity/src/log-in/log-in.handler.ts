import { decoyHash, hashEmail, verifyPassword } from '@innkeep/platform/security';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { SignInAttempts } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { beginSession } from '../begin-session';
import { organizationNotActive, signInRefused } from '../identity.problems';
import { OneTimeTokenStore } from '../one-time-token.store';
import { newOrganizationToken } from '../organization-token';
import { attemptsAt } from '../password-check.store';
import type { SignIn } from '../session';
import { SessionStore } from '../session.store';
import { type KnownUser, SignInStore } from '../sign-in.store';
import { maySignIn } from '../user';
import { LogIn, type SignInChallenge } from './log-in.command';

@CommandHandler(LogIn)
export class LogInHandler implements ICommandHandler<LogIn> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInStore,
    private readonly sessions: SessionStore,
    private readonly tokens: OneTimeTokenStore,
    private readonly attempts: SignInAttempts,
  ) {}

  async execute(command: LogIn): Promise<Committed<SignIn | SignInChallenge>> {
    const { input, origin } = command;
    const emailHash = hashEmail(input.email);
    const succeeded = await this.attempts.begin(attemptsAt(emailHash), origin.address);
    const known = await this.signIns.find(emailHash);
    // The password is checked in any case: an answer says neither by its text nor by its time which part was wrong.
    const isRight = await verifyPassword(known?.passwordHash ?? decoyHash, input.password);
    // Only to who knows the password.
    if (known && isRight && !known.user.isOrganizationActive) throw organizationNotActive();
    if (!known || !isRight || !maySignIn(known.user)) {
      throw signInRefused('invalid-credentials', 'Check both and try again.');
    }
    await succeeded();
    return known.hasSecondFactor ? this.challenge(command, known) : this.signIn(command, known);
  }

  private signIn({ requestId, origin }: LogIn, { organizationId, user }: KnownUser): Promise<Committed<SignIn>> {
    const session = beginSession(organizationId, user, origin);
    return this.unitOfWork.run({ principal: session.signIn.principal, requestId }, async (transaction) => {
      this.sessions.start(transaction, session);
      return session.signIn;
    });
  }

  private challenge({ requestId }: LogIn, { organizationId, user }: KnownUser): Promise<Committed<SignInChallenge>> {
    const { token, hash } = newOrganizationToken(organizationId);
    const { principal } = beginSession(organizationId, user).signIn;
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      this.tokens.add(transaction, 'sign-in-challenge', user.id, hash);
      return { challenge: token };
    });
  }
}
