import { PropertyPort, TransactionRecorded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { propertyFor } from '../finance.policies';
import { underRules } from '../finance-rules';
import { FinanceRulesStore } from '../finance-rules.store';
import { externalReferenceTaken } from '../finance.problems';
import { recordTransaction, snapshotOf, transactionView } from '../transaction';
import type { TransactionView } from '../transaction.answers';
import { TransactionStore } from '../transaction.store';
import { RecordTransaction } from './record-transaction.command';

@CommandHandler(RecordTransaction)
export class RecordTransactionHandler implements ICommandHandler<RecordTransaction> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, input }: RecordTransaction): Promise<Committed<TransactionView>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const [properties, rules] = await Promise.all([
          this.properties.find(unit, [input.propertyId]),
          this.rules.load(unit, [input.propertyId], [input.occurredAt]),
        ]);
        const property = propertyFor(context.principal, properties, input.propertyId);
        const now = new Date();
        const recorded = recordTransaction(uuidv7(), kind, input, property, context.principal, now);
        const transaction = underRules(recorded, rules, now);
        this.store.add(unit, [transaction]);
        unit.record(
          TransactionRecorded(snapshotOf(transaction), {
            propertyId: property.id,
            entityId: transaction.transactionId,
          }),
        );
        return transactionView(transaction);
      },
      { constraints: { transactions_external_reference: externalReferenceTaken } },
    );
  }
}
