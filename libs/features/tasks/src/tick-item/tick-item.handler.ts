import { TaskItemTicked } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { snapshotOf, taskView, tickItem } from '../task';
import type { TaskView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertMayChange, assertMaySee, assertVersion } from '../tasks.policies';
import { TickItem } from './tick-item.command';

@CommandHandler(TickItem)
export class TickItemHandler implements ICommandHandler<TickItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, itemId, isDone, ifVersion }: TickItem): Promise<Committed<TaskView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, id);
      const task = loaded?.task;
      assertMaySee(context.principal, task);
      if (!task.checklist.some((item) => item.id === itemId)) throw notFound('item');
      assertMayChange(context.principal, task);
      const ticked = tickItem(task, itemId, isDone, context.principal, new Date());
      if (!ticked) return taskView(task);
      assertVersion(loaded!, ifVersion);
      this.store.save(unit, ticked);
      unit.record(
        TaskItemTicked({ ...snapshotOf(ticked), itemId, isDone }, { propertyId: task.propertyId, entityId: id }),
      );
      return taskView(ticked);
    });
  }
}
