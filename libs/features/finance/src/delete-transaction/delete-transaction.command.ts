import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { TransactionKind } from '../transaction';

/** Deletes a pending transaction. `ifVersion` refuses it if somebody else was faster. */
export class DeleteTransaction extends Command<Committed<null>> {
  constructor(
    readonly context: CommandContext,
    readonly kind: TransactionKind,
    readonly id: string,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
