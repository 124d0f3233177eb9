import { TransactionDeleted } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayChange, assertMaySee, assertVersion } from '../finance.policies';
import { deleteTransaction, snapshotOf } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { DeleteTransaction } from './delete-transaction.command';

@CommandHandler(DeleteTransaction)
export class DeleteTransactionHandler implements ICommandHandler<DeleteTransaction> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id, ifVersion }: DeleteTransaction): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = (await this.store.load(unit, kind, [id])).get(id);
      const transaction = loaded?.transaction;
      assertMaySee(context.principal, transaction);
      assertMayChange(context.principal, transaction);
      assertVersion(loaded!, ifVersion);
      deleteTransaction(transaction);
      this.store.delete(unit, id);
      unit.record(TransactionDeleted(snapshotOf(transaction), { propertyId: transaction.propertyId, entityId: id }));
      return null;
    });
  }
}
