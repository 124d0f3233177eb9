import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { TaskView } from '../task.answers';
import { type TaskInput, taskInput } from '../task.input';

export const createTaskBody = taskInput.meta({
  example: {
    propertyId: 1000,
    title: 'Get room 12 ready',
    priority: 'high',
    dueOn: '2026-03-14',
    checklist: ['Change the towels', 'Air the room'],
  },
});

/** Makes a task, or the first of a series. */
export class CreateTask extends Command<Committed<TaskView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: TaskInput,
  ) {
    super();
  }
}
