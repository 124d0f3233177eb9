import { EmailVerified, PasswordChanged } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { hashPassword } from '@innkeep/platform/security';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialStore } from '../credential.store';
import { nobodyYet } from '../nobody-yet';
import { oneTimeTokenRefused } from '../one-time-token';
import { OneTimeTokenStore } from '../one-time-token.store';
import { readOrganizationToken } from '../organization-token';
import { ResetPassword } from './reset-password.command';

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly tokens: OneTimeTokenStore,
    private readonly credentials: CredentialStore,
  ) {}

  async execute({ requestId, token, password }: ResetPassword): Promise<Committed<unknown>> {
    const presented = readOrganizationToken(token);
    // A made-up organization looks like a made-up token: nobody learns from it which organizations there are.
    if (!presented || !(await this.directory.route(presented.organizationId))) throw oneTimeTokenRefused();
    const passwordHash = await hashPassword(password);
    const context = { principal: nobodyYet(presented.organizationId), requestId };
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.tokens.load(transaction, 'password-reset', presented.hash);
      if (!found) throw oneTimeTokenRefused();
      const { userId } = found;
      this.tokens.removeAll(transaction, 'password-reset', userId);
      // Whoever reads the mail owns the address.
      if (await this.credentials.setPassword(transaction, userId, passwordHash, { isEmailProven: true }))
        transaction.record(EmailVerified({ userId }, { entityId: userId }));
      transaction.record(PasswordChanged({ userId, by: 'reset' }, { entityId: userId }));
    });
  }
}
