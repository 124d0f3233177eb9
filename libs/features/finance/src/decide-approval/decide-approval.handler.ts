import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decisionEvent } from '../finance.events';
import { assertVersion } from '../finance.policies';
import { transactionView } from '../transaction';
import type { TransactionView } from '../transaction.answers';
import { TransactionStore } from '../transaction.store';
import { DecideApproval } from './decide-approval.command';
import { decidedBy } from './decided';

@CommandHandler(DecideApproval)
export class DecideApprovalHandler implements ICommandHandler<DecideApproval> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id, decision, ifVersion }: DecideApproval): Promise<Committed<TransactionView>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = (await this.store.load(unit, kind, [id])).get(id);
      const decided = decidedBy(context.principal, loaded?.transaction, decision, new Date());
      // Decided so already: whoever asks again, not knowing whether the first time arrived, has the old version (RFC 9110, 13.1.1).
      if (!decided) return transactionView(loaded!.transaction);
      assertVersion(loaded!, ifVersion);
      this.store.save(unit, [decided]);
      unit.record(decisionEvent(decided));
      return transactionView(decided);
    });
  }
}
