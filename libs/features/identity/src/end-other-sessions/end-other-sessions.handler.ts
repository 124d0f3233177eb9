import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SessionStore } from '../session.store';
import { EndOtherSessions } from './end-other-sessions.command';

@CommandHandler(EndOtherSessions)
export class EndOtherSessionsHandler implements ICommandHandler<EndOtherSessions> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ context }: EndOtherSessions): Promise<Committed<unknown>> {
    const { userId, sessionId } = context.principal;
    return this.unitOfWork.run(context, async (transaction) => {
      const live = await this.sessions.findLive(transaction, userId);
      const others = live.filter((id) => id !== sessionId);
      this.sessions.end(transaction, userId, others, 'ended-by-user');
    });
  }
}
