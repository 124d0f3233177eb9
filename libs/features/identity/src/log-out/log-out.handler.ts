import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SessionStore } from '../session.store';
import { LogOut } from './log-out.command';

@CommandHandler(LogOut)
export class LogOutHandler implements ICommandHandler<LogOut> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ context }: LogOut): Promise<Committed<void>> {
    const { sessionId, userId } = context.principal;
    return this.unitOfWork.run(context, async (transaction) => {
      // Signing out twice is no error: the session is over, which is what was wished for.
      if (sessionId === undefined) return;
      this.sessions.end(transaction, userId, await this.sessions.findLive(transaction, userId, sessionId), 'logout');
    });
  }
}
