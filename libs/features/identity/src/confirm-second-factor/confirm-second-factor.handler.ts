import { DomainError, SecondFactorTurnedOn } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { SignInAttempts } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { identityProblems } from '../identity.problems';
import { attemptsWithCode, codeRefused, newRecoveryCodes } from '../second-factor';
import { SecondFactorStore } from '../second-factor.store';
import { ConfirmSecondFactor, type RecoveryCodes } from './confirm-second-factor.command';

@CommandHandler(ConfirmSecondFactor)
export class ConfirmSecondFactorHandler implements ICommandHandler<ConfirmSecondFactor> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly attempts: SignInAttempts,
    private readonly factors: SecondFactorStore,
  ) {}

  async execute({ caller, code }: ConfirmSecondFactor): Promise<Committed<RecoveryCodes>> {
    const { principal, requestId, address } = caller;
    const { userId } = principal;
    const succeeded = await this.attempts.begin(attemptsWithCode(userId), address);
    const recoveryCodes = newRecoveryCodes();
    const committed = await this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const factor = await this.factors.load(transaction, userId);
      if (!factor || factor.isConfirmed) {
        throw new DomainError(
          identityProblems['second-factor-state'],
          factor ? 'The second factor is turned on already.' : 'Enrol a second factor first.',
        );
      }
      const useUp = await this.factors.recognize(transaction, factor, code);
      if (!useUp) throw codeRefused();
      useUp();
      this.factors.replaceCodes(transaction, userId, recoveryCodes);
      transaction.record(SecondFactorTurnedOn({ userId }, { entityId: userId }));
      return { recoveryCodes };
    });
    await succeeded();
    return committed;
  }
}
