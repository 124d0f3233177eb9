import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import type { IssuedLink } from '../issue-link/issue-link.command';

/** Makes a link to the file of a report, and notes in the log who got one. */
export class IssueReportLink extends Command<Committed<IssuedLink>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly link: IssuedLink,
  ) {
    super();
  }
}
