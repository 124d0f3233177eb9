import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type CategoryView, categoryChanges } from '../category';

export const changeCategoryBody = categoryChanges.meta({ example: { isArchived: true } });

/** Puts a category into the archive, or takes it out. */
export class ChangeCategory extends Command<Committed<CategoryView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly isArchived: boolean,
  ) {
    super();
  }
}
