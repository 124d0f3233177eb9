import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { Theme, ThemeChanges } from '../theme';

/** Changes what the organization looks like. `ifVersion` refuses the change if somebody else was faster. */
export class ChangeTheme extends Command<Committed<Theme>> {
  constructor(
    readonly context: CommandContext,
    readonly changes: ThemeChanges,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
