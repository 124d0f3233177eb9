import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SessionStore } from '../session.store';
import { EndSession } from './end-session.command';

@CommandHandler(EndSession)
export class EndSessionHandler implements ICommandHandler<EndSession> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ context, sessionId }: EndSession): Promise<Committed<unknown>> {
    const { userId } = context.principal;
    return this.unitOfWork.run(context, async (transaction) => {
      const live = await this.sessions.findLive(transaction, userId, sessionId);
      if (live.length === 0) throw notFound('session');
      this.sessions.end(transaction, userId, live, 'ended-by-user');
    });
  }
}
