import { DomainError } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decidedBy } from '../decide-approval/decided';
import { decisionEvent } from '../finance.events';
import type { Transaction } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { DecideApprovalsInBulk, type DecisionResult } from './decide-approvals-in-bulk.command';

@CommandHandler(DecideApprovalsInBulk)
export class DecideApprovalsInBulkHandler implements ICommandHandler<DecideApprovalsInBulk> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: TransactionStore,
  ) {}

  execute({
    context,
    transactionIds,
    decision,
  }: DecideApprovalsInBulk): Promise<Committed<{ results: DecisionResult[] }>> {
    const ids = [...new Set(transactionIds)];
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.store.load(unit, undefined, ids);
      const now = new Date();
      const decided: Transaction[] = [];
      const results = ids.map((id): DecisionResult => {
        try {
          const after = decidedBy(context.principal, loaded.get(id)?.transaction, decision, now);
          if (!after) return { id, status: 'unchanged' };
          decided.push(after);
          return { id, status: after.status === 'pending' ? 'advanced' : decision.decision };
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          return { id, status: 'refused', problem: { code: error.problem.name, detail: error.message } };
        }
      });
      if (decided.length > 0) {
        this.store.save(unit, decided);
        unit.record(...decided.map(decisionEvent));
      }
      return { results };
    });
  }
}
