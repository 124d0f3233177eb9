import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { GivenRows, ImportResult } from '../import';
import type { TransactionKind } from '../transaction.fields';

export interface ImportRequest extends GivenRows {
  readonly kind: TransactionKind;
  readonly propertyId: number;
  readonly isDryRun: boolean;
}

/** Records all rows of a file, or none of them; a dry run only says what would become of them. */
export class ImportTransactions extends Command<Committed<ImportResult>> {
  constructor(
    readonly context: CommandContext,
    readonly request: ImportRequest,
  ) {
    super();
  }
}
