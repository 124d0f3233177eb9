import { MemberPort, PropertyPort, TaskCreated } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { createTask, snapshotOf, taskView } from '../task';
import type { TaskView } from '../task.answers';
import { TaskStore } from '../task.store';
import { assertAssignable, propertyFor } from '../tasks.policies';
import { CreateTask } from './create-task.command';

@CommandHandler(CreateTask)
export class CreateTaskHandler implements ICommandHandler<CreateTask> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly members: MemberPort,
    private readonly store: TaskStore,
  ) {}

  execute({ context, input }: CreateTask): Promise<Committed<TaskView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { assigneeId } = input;
      const [properties, members] = await Promise.all([
        this.properties.find(unit, [input.propertyId]),
        assigneeId === undefined ? undefined : this.members.find(unit, [assigneeId]),
      ]);
      const property = propertyFor(context.principal, properties, input.propertyId);
      if (members) assertAssignable(members.get(assigneeId!), property.id);
      const task = createTask(input, property, context.principal, new Date());
      this.store.add(unit, task);
      unit.record(TaskCreated(snapshotOf(task), { propertyId: property.id, entityId: task.taskId }));
      return taskView(task);
    });
  }
}
