import { TransactionDeleted } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayChange, assertMaySee } from '../finance.policies';
import { deleteTransaction, snapshotOf } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { DeleteTransaction } from './delete-transaction.command';

@CommandHandler(DeleteTransaction)
export class DeleteTransactionHandler implements ICommandHandler<DeleteTransaction> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({ context, kind, id }: DeleteTransaction): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      const transaction = (await this.store.load(unit, kind, [id])).get(id)?.transaction;
      assertMaySee(context.principal, transaction);
      assertMayChange(context.principal, transaction);
      deleteTransaction(transaction);
      this.store.delete(unit, id);
      unit.record(TransactionDeleted(snapshotOf(transaction), { propertyId: transaction.propertyId, entityId: id }));
      return null;
    });
  }
}
