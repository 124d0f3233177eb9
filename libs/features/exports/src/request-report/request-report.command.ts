import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { ReportExport, ReportRequest } from '../report-export';

/** Asks for a report of a property as a file. */
export class RequestReport extends Command<Committed<ReportExport>> {
  constructor(
    readonly context: CommandContext,
    readonly request: ReportRequest,
  ) {
    super();
  }
}
