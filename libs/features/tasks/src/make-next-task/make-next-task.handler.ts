import { MemberPort, PropertyPort, TaskChanged, TaskCreated } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { changedMembers, comeAgain, snapshotOf } from '../task';
import { TaskStore } from '../task.store';
import { mayDoTasks } from '../tasks.policies';
import { MakeNextTask } from './make-next-task.command';

@CommandHandler(MakeNextTask)
export class MakeNextTaskHandler implements ICommandHandler<MakeNextTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly members: MemberPort,
    private readonly store: TaskStore,
  ) {}

  execute({ context, id, now }: MakeNextTask): Promise<Committed<{ readonly taskId: string | null }>> {
    return this.unitOfWork.run(context, async (unit) => {
      const task = (await this.store.load(unit, id))?.task;
      // Under the lock: whoever made it has handed the rule on.
      if (!task?.nextAt || Date.parse(task.nextAt) > now.getTime()) return { taskId: null };
      const { propertyId, assigneeId } = task;
      const property = (await this.properties.find(unit, [propertyId])).get(propertyId)!;
      const members = assigneeId === null ? undefined : await this.members.find(unit, [assigneeId]);
      const isDoable = mayDoTasks(members?.get(assigneeId!), propertyId);
      const { passed, next } = comeAgain(task, isDoable ? assigneeId : null, property, now);
      this.store.save(unit, passed, 1);
      this.store.add(unit, next);
      unit.record(
        TaskChanged({ ...snapshotOf(passed), changed: changedMembers(task, passed) }, { propertyId, entityId: id }),
        TaskCreated(snapshotOf(next), { propertyId, entityId: next.taskId }),
      );
      return { taskId: next.taskId };
    });
  }
}
