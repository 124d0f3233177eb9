import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { CommentView } from '../task.answers';

export const writeCommentBody = z
  .strictObject({ text: prose(4_000) })
  .meta({ example: { text: 'The lamp on the left is still dark.' } });

/** Says something about a task. */
export class WriteComment extends Command<Committed<CommentView>> {
  constructor(
    readonly context: CommandContext,
    readonly taskId: string,
    readonly text: string,
  ) {
    super();
  }
}
