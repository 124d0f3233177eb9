import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { TaskView } from '../task.answers';

export const tickItemBody = z.strictObject({ isDone: z.boolean() }).meta({ example: { isDone: true } });

/** Ticks an item of a checklist, or unticks it. Two people who tick two items do not get in each other's way. */
export class TickItem extends Command<Committed<TaskView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly itemId: string,
    readonly isDone: boolean,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
