import { PropertyPort, TransactionChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayChange, assertMaySee, assertVersion, propertyFor } from '../finance.policies';
import { assertOpen, underRules } from '../finance-rules';
import { FinanceRulesStore } from '../finance-rules.store';
import { changeTransaction, snapshotOf, transactionView } from '../transaction';
import type { TransactionView } from '../transaction.answers';
import { TransactionStore } from '../transaction.store';
import { ChangeTransaction } from './change-transaction.command';

@CommandHandler(ChangeTransaction)
export class ChangeTransactionHandler implements ICommandHandler<ChangeTransaction> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id, changes, ifVersion }: ChangeTransaction): Promise<Committed<TransactionView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = (await this.store.load(unit, kind, [id])).get(id);
      const transaction = loaded?.transaction;
      assertMaySee(context.principal, transaction);
      assertMayChange(context.principal, transaction);
      assertVersion(loaded!, ifVersion);
      const [properties, rules] = await Promise.all([
        this.properties.find(unit, [transaction.propertyId]),
        this.rules.load(unit, [transaction.propertyId], [transaction.occurredAt, changes.occurredAt]),
      ]);
      const property = propertyFor(context.principal, properties, transaction.propertyId);
      const now = new Date();
      assertOpen(rules, transaction);
      // What was approved of it was approved as it was: its chain begins anew.
      const changed = underRules(changeTransaction(transaction, changes, property, now), rules, now);
      this.store.save(unit, [changed]);
      unit.record(TransactionChanged(snapshotOf(changed), { propertyId: property.id, entityId: id }));
      return transactionView(changed);
    });
  }
}
