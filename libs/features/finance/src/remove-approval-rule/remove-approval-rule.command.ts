import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Ends a rule of approval. Chains that it has begun go on. */
export class RemoveApprovalRule extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
  ) {
    super();
  }
}
