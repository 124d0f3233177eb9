import { TaxRemoved } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FinanceRulesStore } from '../finance-rules.store';
import { assertMayRule } from '../finance.policies';
import { RemoveTax } from './remove-tax.command';

@CommandHandler(RemoveTax)
export class RemoveTaxHandler implements ICommandHandler<RemoveTax> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, id }: RemoveTax): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { taxes } = await this.rules.loadToChange(unit);
      const tax = taxes.find(({ taxId }) => taxId === id);
      if (!tax) throw notFound('tax');
      assertMayRule(context.principal, tax.propertyId);
      this.rules.removeTax(unit, id);
      unit.record(TaxRemoved(tax, { propertyId: tax.propertyId ?? undefined, entityId: id }));
      return null;
    });
  }
}
