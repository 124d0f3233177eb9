import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { Export } from '../export';

/** Asks for everything of the organization as files. While an export is under way, that one is what was asked for. */
export class RequestExport extends Command<Committed<Export>> {
  constructor(readonly context: CommandContext) {
    super();
  }
}
