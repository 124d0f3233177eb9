import { Directory } from '@innkeep/platform/database';
import { hashEmail } from '@innkeep/platform/security';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RequestPasswordReset } from './request-password-reset.command';

@CommandHandler(RequestPasswordReset)
export class RequestPasswordResetHandler implements ICommandHandler<RequestPasswordReset> {
  constructor(private readonly directory: Directory) {}

  // One statement, the same for every address: whether anybody signs in with it is found out later, by the worker, so that neither
  // the answer nor its time can tell.
  async execute({ email }: RequestPasswordReset): Promise<void> {
    await this.directory.askMail('password-reset', hashEmail(email));
  }
}
