import { TaskCommented } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import type { CommentView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertMaySee } from '../tasks.policies';
import { WriteComment } from './write-comment.command';

@CommandHandler(WriteComment)
export class WriteCommentHandler implements ICommandHandler<WriteComment> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TaskStore,
  ) {}

  execute({ context, taskId, text }: WriteComment): Promise<Committed<CommentView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const task = (await this.store.load(unit, taskId))?.task;
      assertMaySee(context.principal, task);
      const { propertyId } = task;
      const authorId = context.principal.userId;
      const comment = { id: uuidv7(), taskId, authorId, text, writtenAt: new Date().toISOString() };
      this.store.addComment(unit, comment);
      unit.record(TaskCommented({ taskId, propertyId, commentId: comment.id }, { propertyId, entityId: taskId }));
      return comment;
    });
  }
}
