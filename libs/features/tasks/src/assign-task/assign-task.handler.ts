import { MemberPort, TaskAssigned } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assignTask, snapshotOf, taskView } from '../task';
import type { TaskView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertAssignable, assertMayAssign, assertMaySee, assertVersion } from '../tasks.policies';
import { AssignTask } from './assign-task.command';

@CommandHandler(AssignTask)
export class AssignTaskHandler implements ICommandHandler<AssignTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberPort,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, assigneeId, ifVersion }: AssignTask): Promise<Committed<TaskView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, id);
      const task = loaded?.task;
      assertMaySee(context.principal, task);
      assertMayAssign(context.principal, task, assigneeId);
      const assigned = assignTask(task, assigneeId);
      if (!assigned) return taskView(task);
      assertVersion(loaded!, ifVersion);
      if (assigneeId !== null)
        assertAssignable((await this.members.find(unit, [assigneeId])).get(assigneeId), task.propertyId);
      this.store.save(unit, assigned);
      unit.record(
        TaskAssigned(
          { ...snapshotOf(assigned), previousAssigneeId: task.assigneeId },
          { propertyId: task.propertyId, entityId: id },
        ),
      );
      return taskView(assigned);
    });
  }
}
