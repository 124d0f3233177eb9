import { EmailVerified } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialStore } from '../credential.store';
import { nobodyYet } from '../nobody-yet';
import { oneTimeTokenRefused } from '../one-time-token';
import { OneTimeTokenStore } from '../one-time-token.store';
import { readOrganizationToken } from '../organization-token';
import { VerifyEmail } from './verify-email.command';

@CommandHandler(VerifyEmail)
export class VerifyEmailHandler implements ICommandHandler<VerifyEmail> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly tokens: OneTimeTokenStore,
    private readonly credentials: CredentialStore,
  ) {}

  async execute({ requestId, token }: VerifyEmail): Promise<Committed<unknown>> {
    const presented = readOrganizationToken(token);
    if (!presented || !(await this.directory.route(presented.organizationId))) throw oneTimeTokenRefused();
    const context = { principal: nobodyYet(presented.organizationId), requestId };
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.tokens.load(transaction, 'email-verification', presented.hash);
      if (!found) throw oneTimeTokenRefused();
      const { userId } = found;
      this.tokens.removeAll(transaction, 'email-verification', userId);
      this.credentials.verifyEmail(transaction, userId);
      transaction.record(EmailVerified({ userId }, { entityId: userId }));
    });
  }
}
