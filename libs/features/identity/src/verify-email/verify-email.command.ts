import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';

/** Proves an address with the token of a mail that was sent there. */
export class VerifyEmail extends Command<Committed<unknown>> {
  constructor(
    readonly requestId: string,
    readonly token: string,
  ) {
    super();
  }
}
