import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { StartedUpload, UploadInput } from '../document';

/** Announces a file: what it is going to be, and what it belongs to. */
export class StartUpload extends Command<Committed<StartedUpload>> {
  constructor(
    readonly context: CommandContext,
    readonly input: UploadInput,
  ) {
    super();
  }
}
