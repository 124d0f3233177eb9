import { TaskStatusChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { moveTask, snapshotOf, taskView } from '../task';
import type { TaskView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertMayChange, assertMaySee, assertVersion } from '../tasks.policies';
import { MoveTask } from './move-task.command';

@CommandHandler(MoveTask)
export class MoveTaskHandler implements ICommandHandler<MoveTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, status, ifVersion }: MoveTask): Promise<Committed<TaskView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, id);
      const task = loaded?.task;
      assertMaySee(context.principal, task);
      assertMayChange(context.principal, task);
      const moved = moveTask(task, status, new Date());
      // So already: whoever asks again, not knowing whether the first time arrived, has the old version (RFC 9110, 13.1.1).
      if (!moved) return taskView(task);
      assertVersion(loaded!, ifVersion);
      this.store.save(unit, moved);
      unit.record(
        TaskStatusChanged(
          { ...snapshotOf(moved), previousStatus: task.status },
          { propertyId: task.propertyId, entityId: id },
        ),
      );
      return taskView(moved);
    });
  }
}
