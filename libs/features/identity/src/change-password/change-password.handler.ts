import { PasswordChanged } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { hashPassword } from '@innkeep/platform/security';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialStore } from '../credential.store';
import { PasswordCheck } from '../password-check.store';
import { ChangePassword } from './change-password.command';

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly check: PasswordCheck,
    private readonly credentials: CredentialStore,
  ) {}

  async execute({ caller, input }: ChangePassword): Promise<Committed<unknown>> {
    await this.check.verify(caller, input.currentPassword);
    const passwordHash = await hashPassword(input.newPassword);
    const { principal, requestId } = caller;
    const { userId, sessionId } = principal;
    // Without an idempotency key: its record would keep a fast hash of the password.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      await this.credentials.setPassword(transaction, userId, passwordHash, { keptSessionId: sessionId });
      transaction.record(PasswordChanged({ userId, by: 'password' }, { entityId: userId }));
    });
  }
}
