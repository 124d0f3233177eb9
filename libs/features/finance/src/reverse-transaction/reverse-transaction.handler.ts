import { PropertyPort, TransactionReversed } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { assertMaySee, assertVersion, propertyFor } from '../finance.policies';
import { assertOpen } from '../finance-rules';
import { FinanceRulesStore } from '../finance-rules.store';
import { reverseTransaction, snapshotOf, transactionView } from '../transaction';
import type { TransactionView } from '../transaction.answers';
import { TransactionStore } from '../transaction.store';
import { ReverseTransaction } from './reverse-transaction.command';

@CommandHandler(ReverseTransaction)
export class ReverseTransactionHandler implements ICommandHandler<ReverseTransaction> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id, input, ifVersion }: ReverseTransaction): Promise<Committed<TransactionView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = (await this.store.load(unit, kind, [id])).get(id);
      const original = loaded?.transaction;
      assertMaySee(context.principal, original);
      assertVersion(loaded!, ifVersion);
      const [properties, rules] = await Promise.all([
        this.properties.find(unit, [original.propertyId]),
        this.rules.load(unit, [original.propertyId], [input.occurredAt]),
      ]);
      const property = propertyFor(context.principal, properties, original.propertyId);
      const reversal = reverseTransaction(original, uuidv7(), input, property, context.principal, new Date());
      assertOpen(rules, reversal);
      this.store.add(unit, [reversal]);
      this.store.markReversed(unit, id, reversal.transactionId);
      unit.record(
        TransactionReversed(
          { ...snapshotOf(reversal), reason: reversal.decisionReason },
          { propertyId: property.id, entityId: reversal.transactionId },
        ),
      );
      return transactionView(reversal);
    });
  }
}
