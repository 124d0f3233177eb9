import { PropertyPort, TaxAdded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { type TaxView, taxView } from '../finance-rules.answers';
import { FinanceRulesStore } from '../finance-rules.store';
import { assertMayRule, propertyFor } from '../finance.policies';
import { refuse } from '../finance.problems';
import { AddTax } from './add-tax.command';

const MAX_TAXES = 200;

@CommandHandler(AddTax)
export class AddTaxHandler implements ICommandHandler<AddTax> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
  ) {}

  execute({ context, input }: AddTax): Promise<Committed<TaxView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const { propertyId } = input;
      const [properties, { taxes }] = await Promise.all([
        this.properties.find(unit, propertyId === null ? [] : [propertyId]),
        this.rules.loadToChange(unit),
      ]);
      assertMayRule(context.principal, propertyId);
      if (propertyId !== null) propertyFor(context.principal, properties, propertyId);
      if (taxes.length >= MAX_TAXES)
        throw refuse('too-many-rules', `Remove one first: ${MAX_TAXES} taxes are the most.`);
      const tax = { taxId: uuidv7(), ...input };
      this.rules.addTax(unit, tax);
      unit.record(TaxAdded(tax, { propertyId: propertyId ?? undefined, entityId: tax.taxId }));
      return taxView(tax);
    });
  }
}
