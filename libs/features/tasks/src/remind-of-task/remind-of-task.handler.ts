import { TaskReminded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { askMail } from '@innkeep/platform/mail';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { TaskStore } from '../task.store';
import { REMINDER, reminderSubject } from '../tasks.mails';
import { RemindOfTask } from './remind-of-task.command';

@CommandHandler(RemindOfTask)
export class RemindOfTaskHandler implements ICommandHandler<RemindOfTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, now }: RemindOfTask): Promise<Committed<{ readonly isReminded: boolean }>> {
    return this.unitOfWork.run(context, async (unit) => {
      const task = (await this.store.load(unit, id))?.task;
      // Under the lock: whoever reminded of it has left no time to do so again.
      if (!task?.remindAt || Date.parse(task.remindAt) > now.getTime()) return { isReminded: false };
      const { propertyId, assigneeId, dueBy } = task;
      this.store.save(unit, { ...task, remindAt: null });
      if (assigneeId !== null) unit.write(askMail(unit, REMINDER, reminderSubject(assigneeId, id)));
      unit.record(TaskReminded({ taskId: id, propertyId, assigneeId, dueBy: dueBy! }, { propertyId, entityId: id }));
      return { isReminded: true };
    });
  }
}
