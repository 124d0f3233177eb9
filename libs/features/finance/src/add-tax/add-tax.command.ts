import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { TaxView } from '../finance-rules.answers';
import { type TaxInput, taxInput } from '../tax';

export const addTaxBody = taxInput.meta({
  example: {
    name: 'VAT on rooms',
    kind: 'revenue',
    category: 'rooms',
    rateBasisPoints: 600,
    isInclusive: true,
    effectiveFrom: '2026-01-01',
  },
});

/** Lays down a tax. */
export class AddTax extends Command<Committed<TaxView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: TaxInput,
  ) {
    super();
  }
}
