import { SecondFactorTurnedOff } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FactorCheck } from '../factor-check.store';
import { SecondFactorStore } from '../second-factor.store';
import { RemoveSecondFactor } from './remove-second-factor.command';

@CommandHandler(RemoveSecondFactor)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactor> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly check: FactorCheck,
    private readonly factors: SecondFactorStore,
  ) {}

  async execute({ caller, proof }: RemoveSecondFactor): Promise<Committed<unknown>> {
    const { principal, requestId } = caller;
    const { userId } = principal;
    return this.check.proven(caller, proof, (check) =>
      this.unitOfWork.run({ principal, requestId }, async (transaction) => {
        // The code goes with the factor.
        await check(transaction);
        this.factors.remove(transaction, userId);
        transaction.record(SecondFactorTurnedOff({ userId }, { entityId: userId }));
      }),
    );
  }
}
