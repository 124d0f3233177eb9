import type { StaffRules } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { StaffRulesView } from '../staff-rules';

/** Sets how a property keeps its hours, from now on. Setting the same again changes nothing. */
export class SetStaffRules extends Command<Committed<StaffRulesView>> {
  constructor(
    readonly context: CommandContext,
    readonly propertyId: number,
    readonly rules: StaffRules,
  ) {
    super();
  }
}
