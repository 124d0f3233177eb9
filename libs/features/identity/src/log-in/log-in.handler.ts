import { decoyHash, hashEmail, verifyPassword } from '@innkeep/platform/security';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { beginSession } from '../begin-session';
import { signInRefused } from '../identity.problems';
import type { SignIn } from '../session';
import { SessionStore } from '../session.store';
import { SignInStore } from '../sign-in.store';
import { maySignIn } from '../user';
import { LogIn } from './log-in.command';

@CommandHandler(LogIn)
export class LogInHandler implements ICommandHandler<LogIn> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInStore,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ requestId, input }: LogIn): Promise<Committed<SignIn>> {
    const known = await this.signIns.find(hashEmail(input.email));
    // The password is checked in any case: an answer says neither by its text nor by its time which part was wrong.
    const isRight = await verifyPassword(known?.passwordHash ?? decoyHash, input.password);
    if (!known || !isRight || !maySignIn(known.user)) {
      throw signInRefused('invalid-credentials', 'Check both and try again.');
    }
    const session = beginSession(known.organizationId, known.user);
    return this.unitOfWork.run({ principal: session.signIn.principal, requestId }, async (transaction) => {
      this.sessions.start(transaction, session);
      return session.signIn;
    });
  }
}
