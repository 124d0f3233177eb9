import { PropertyPort, TaskChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { changeTask, changedMembers, snapshotOf, taskView } from '../task';
import type { TaskView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertMayChange, assertMaySee, assertVersion } from '../tasks.policies';
import { ChangeTask } from './change-task.command';

@CommandHandler(ChangeTask)
export class ChangeTaskHandler implements ICommandHandler<ChangeTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, changes, ifVersion }: ChangeTask): Promise<Committed<TaskView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, id);
      const task = loaded?.task;
      assertMaySee(context.principal, task);
      assertMayChange(context.principal, task);
      assertVersion(loaded!, ifVersion);
      const property = (await this.properties.find(unit, [task.propertyId])).get(task.propertyId)!;
      const changed = changeTask(task, changes, property, new Date());
      if (!changed) return taskView(task);
      this.store.save(unit, changed);
      unit.record(
        TaskChanged(
          { ...snapshotOf(changed), changed: changedMembers(task, changed) },
          { propertyId: task.propertyId, entityId: id },
        ),
      );
      return taskView(changed);
    });
  }
}
