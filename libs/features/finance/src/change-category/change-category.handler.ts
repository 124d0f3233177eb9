import { CategoryChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CategoryView, categoryView } from '../category';
import { FinanceRulesStore } from '../finance-rules.store';
import { ChangeCategory } from './change-category.command';

@CommandHandler(ChangeCategory)
export class ChangeCategoryHandler implements ICommandHandler<ChangeCategory> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, id, isArchived }: ChangeCategory): Promise<Committed<CategoryView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { categories } = await this.rules.loadToChange(unit);
      const standing = categories.find(({ categoryId }) => categoryId === id);
      if (!standing) throw notFound('category');
      if (standing.isArchived === isArchived) return categoryView(standing);
      const changed = { ...standing, isArchived };
      this.rules.saveCategory(unit, changed);
      unit.record(CategoryChanged(changed, { entityId: id }));
      return categoryView(changed);
    });
  }
}
