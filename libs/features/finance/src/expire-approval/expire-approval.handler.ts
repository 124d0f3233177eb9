import { TransactionApprovalAdvanced } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decisionEvent } from '../finance.events';
import { expireApproval, snapshotOf } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { ExpireApproval } from './expire-approval.command';

@CommandHandler(ExpireApproval)
export class ExpireApprovalHandler implements ICommandHandler<ExpireApproval> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, id, now }: ExpireApproval): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const transaction = (await this.store.load(unit, undefined, [id])).get(id)?.transaction;
      // Decided or changed since it was found due.
      const expired = transaction && expireApproval(transaction, now);
      if (!expired) return null;
      this.store.save(unit, [expired]);
      const about = { propertyId: expired.propertyId, entityId: id };
      unit.record(
        expired.status === 'pending'
          ? TransactionApprovalAdvanced({ ...snapshotOf(expired), because: 'timeout' }, about)
          : decisionEvent(expired),
      );
      return null;
    });
  }
}
