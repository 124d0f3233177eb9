import { CategoryAdded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { type CategoryView, addCategory, categoryView } from '../category';
import { FinanceRulesStore } from '../finance-rules.store';
import { AddCategory } from './add-category.command';

@CommandHandler(AddCategory)
export class AddCategoryHandler implements ICommandHandler<AddCategory> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, input }: AddCategory): Promise<Committed<CategoryView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { categories } = await this.rules.loadToChange(unit);
      const category = addCategory(uuidv7(), input, categories);
      this.rules.saveCategory(unit, category);
      unit.record(CategoryAdded(category, { entityId: category.categoryId }));
      return categoryView(category);
    });
  }
}
