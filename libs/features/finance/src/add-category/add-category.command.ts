import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { type CategoryInput, type CategoryView, categoryInput } from '../category';

export const addCategoryBody = categoryInput.meta({ example: { kind: 'expense', name: 'housekeeping' } });

/** Adds a category. */
export class AddCategory extends Command<Committed<CategoryView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: CategoryInput,
  ) {
    super();
  }
}
