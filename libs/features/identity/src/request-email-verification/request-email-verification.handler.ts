import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { askMail } from '@innkeep/platform/mail';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialStore } from '../credential.store';
import { RequestEmailVerification } from './request-email-verification.command';

@CommandHandler(RequestEmailVerification)
export class RequestEmailVerificationHandler implements ICommandHandler<RequestEmailVerification> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly credentials: CredentialStore,
  ) {}

  async execute({ context }: RequestEmailVerification): Promise<Committed<unknown>> {
    const { userId } = context.principal;
    return this.unitOfWork.run(context, async (transaction) => {
      const user = await this.credentials.load(transaction, userId);
      if (!user) throw notFound('user');
      if (!user.isEmailVerified) transaction.write(askMail(transaction, 'email-verification', String(userId)));
      return { isEmailVerified: user.isEmailVerified };
    });
  }
}
