import { type TaskStatus, taskStatuses } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { TaskView } from '../task.answers';

export const moveTaskBody = z.strictObject({ status: z.enum(taskStatuses) }).meta({ example: { status: 'done' } });

/** Takes a task to another status. Saying the same again changes nothing. */
export class MoveTask extends Command<Committed<TaskView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly status: TaskStatus,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
