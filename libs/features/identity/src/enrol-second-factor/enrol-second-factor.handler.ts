import { DomainError } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { identityProblems } from '../identity.problems';
import { PasswordCheck } from '../password-check.store';
import { enrolment, newSecret } from '../second-factor';
import { SecondFactorStore } from '../second-factor.store';
import { EnrolSecondFactor, type Enrolment } from './enrol-second-factor.command';

@CommandHandler(EnrolSecondFactor)
export class EnrolSecondFactorHandler implements ICommandHandler<EnrolSecondFactor> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly check: PasswordCheck,
    private readonly factors: SecondFactorStore,
  ) {}

  async execute({ caller, password }: EnrolSecondFactor): Promise<Committed<Enrolment>> {
    const { email } = await this.check.verify(caller, password);
    const secret = newSecret();
    const { principal, requestId } = caller;
    // Without an idempotency key: its record would keep the secret in the clear. Enrolling twice replaces the first secret.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      const known = await this.factors.load(transaction, principal.userId);
      if (known?.isConfirmed) {
        throw new DomainError(
          identityProblems['second-factor-state'],
          'A second factor is turned on already. Remove it before you enrol another one.',
        );
      }
      this.factors.enrol(transaction, principal.userId, secret);
      return enrolment(secret, email);
    });
  }
}
