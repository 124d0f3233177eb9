import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RecoveryCodes } from '../confirm-second-factor/confirm-second-factor.command';
import { FactorCheck } from '../factor-check.store';
import { newRecoveryCodes } from '../second-factor';
import { SecondFactorStore } from '../second-factor.store';
import { RenewRecoveryCodes } from './renew-recovery-codes.command';

@CommandHandler(RenewRecoveryCodes)
export class RenewRecoveryCodesHandler implements ICommandHandler<RenewRecoveryCodes> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly check: FactorCheck,
    private readonly factors: SecondFactorStore,
  ) {}

  async execute({ caller, proof }: RenewRecoveryCodes): Promise<Committed<RecoveryCodes>> {
    const { principal, requestId } = caller;
    const recoveryCodes = newRecoveryCodes();
    return this.check.proven(caller, proof, (check) =>
      this.unitOfWork.run({ principal, requestId }, async (transaction) => {
        (await check(transaction))();
        this.factors.replaceCodes(transaction, principal.userId, recoveryCodes);
        return { recoveryCodes };
      }),
    );
  }
}
