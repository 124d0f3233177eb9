import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { TaskView } from '../task.answers';
import { assigneeId } from '../task.input';

export const assignTaskBody = z
  .strictObject({ assigneeId: assigneeId.nullable().describe('Who is to do it; null for nobody') })
  .meta({ example: { assigneeId: 1000 } });

/** Gives a task to somebody, or to nobody. Saying the same again changes nothing. */
export class AssignTask extends Command<Committed<TaskView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly assigneeId: number | null,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
