import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { TaskView } from '../task.answers';
import { type TaskChanges, taskChanges } from '../task.input';

export const changeTaskBody = taskChanges.meta({ example: { priority: 'urgent' } });

/** Changes what an unfinished task says. `ifVersion` refuses the change if somebody else was faster. */
export class ChangeTask extends Command<Committed<TaskView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly changes: TaskChanges,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
