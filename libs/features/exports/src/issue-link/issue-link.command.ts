import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

/** A link as it is shown this once. */
export const linkAnswer = z.object({
  url: shapes
    .text('/v1/organization/exports/0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11/file?token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln')
    .describe('Where the file is, on this host. Whoever has it gets the file: it needs no access token'),
  expiresAt: shapes.instant,
});
export type IssuedLink = z.output<typeof linkAnswer>;

/** Makes a link to the file of an export, and notes in the log who got one. */
export class IssueLink extends Command<Committed<IssuedLink>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly link: IssuedLink,
  ) {
    super();
  }
}
