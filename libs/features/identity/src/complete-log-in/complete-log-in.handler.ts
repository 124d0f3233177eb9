import { type Committed, Directory, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { SignInAttempts } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { beginSession } from '../begin-session';
import { nobodyYet } from '../nobody-yet';
import { oneTimeTokenRefused } from '../one-time-token';
import { OneTimeTokenStore } from '../one-time-token.store';
import { type OrganizationToken, readOrganizationToken } from '../organization-token';
import { CODES_FOR_A_CHALLENGE, attemptsWithCode, codeRefused } from '../second-factor';
import { SecondFactorStore } from '../second-factor.store';
import type { SignIn, SignInOrigin } from '../session';
import { SessionStore } from '../session.store';
import { UserStore } from '../user.store';
import { CompleteLogIn } from './complete-log-in.command';

type Outcome = { readonly signIn: SignIn; readonly succeeded: () => Promise<void> } | { readonly refusal: () => Error };

@CommandHandler(CompleteLogIn)
export class CompleteLogInHandler implements ICommandHandler<CompleteLogIn> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly attempts: SignInAttempts,
    private readonly tokens: OneTimeTokenStore,
    private readonly factors: SecondFactorStore,
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
  ) {}

  async execute({ requestId, input, origin }: CompleteLogIn): Promise<Committed<SignIn>> {
    const challenge = readOrganizationToken(input.challenge);
    if (!challenge || !(await this.directory.route(challenge.organizationId))) throw oneTimeTokenRefused();
    const { result, ...committed } = await this.unitOfWork.run(
      { principal: nobodyYet(challenge.organizationId), requestId },
      (transaction) => this.judge(transaction, challenge, input.code, origin),
    );
    // Thrown only here: inside the transaction it would undo the counting.
    if (!result || 'refusal' in result) throw (result?.refusal ?? oneTimeTokenRefused)();
    await result.succeeded();
    return { ...committed, result: result.signIn };
  }

  private async judge(
    transaction: OrganizationTransaction,
    challenge: OrganizationToken,
    code: string,
    origin: SignInOrigin,
  ): Promise<Outcome> {
    const found = await this.tokens.load(transaction, 'sign-in-challenge', challenge.hash);
    if (!found || found.attempts >= CODES_FOR_A_CHALLENGE) return { refusal: oneTimeTokenRefused };
    const factor = await this.factors.load(transaction, found.userId);
    const user = (await this.users.load(transaction, found.userId))?.user;
    if (!user || !factor?.isConfirmed) return { refusal: oneTimeTokenRefused };
    // Counted by user as well: whoever knows the password can have as many challenges as they like.
    const succeeded = await this.attempts.begin(attemptsWithCode(user.id), origin.address);
    const useUp = await this.factors.recognize(transaction, factor, code);
    if (!useUp) {
      this.tokens.countAttempt(transaction, challenge.hash);
      return { refusal: codeRefused };
    }
    useUp();
    this.tokens.remove(transaction, challenge.hash);
    const session = beginSession(transaction.organizationId, user, origin);
    this.sessions.start(transaction, session);
    return { signIn: session.signIn, succeeded };
  }
}
