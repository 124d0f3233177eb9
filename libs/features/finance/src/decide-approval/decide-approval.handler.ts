import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decisionEvent } from '../finance.events';
import { assertMayDecide, assertMaySee } from '../finance.policies';
import { type TransactionView, decide, transactionView } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { DecideApproval } from './decide-approval.command';

@CommandHandler(DecideApproval)
export class DecideApprovalHandler implements ICommandHandler<DecideApproval> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id, decision }: DecideApproval): Promise<Committed<TransactionView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const transaction = (await this.store.load(unit, kind, [id])).get(id)?.transaction;
      assertMaySee(context.principal, transaction);
      assertMayDecide(context.principal, transaction);
      const decided = decide(transaction, decision, context.principal, new Date());
      if (!decided) return transactionView(transaction);
      this.store.save(unit, [decided]);
      unit.record(decisionEvent(decided));
      return transactionView(decided);
    });
  }
}
