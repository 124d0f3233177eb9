import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { variants } from '../document-links';

/** What a link is asked for. */
export const linkBody = z
  .strictObject({
    purpose: z
      .enum(['view', 'identity-check', 'accounting', 'audit', 'download'])
      .describe('What the document is wanted for; it is in the log'),
    disposition: z
      .enum(['inline', 'attachment'])
      .default('attachment')
      .describe('Whether a browser shows it in its place; images and PDF only'),
    variant: z.enum(variants).default('original').describe('The file, or its small image'),
    minutes: z.int().min(1).max(360).optional().describe('How long it is good; at most what its kind allows'),
  })
  .meta({ example: { purpose: 'accounting', disposition: 'inline' } });
export type LinkInput = z.output<typeof linkBody>;

/** A link as it is shown this once. */
export const documentLinkAnswer = z.object({
  url: shapes
    .text('/v1/documents/0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11/content?token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln')
    .describe('Where the document is, on this host. Whoever has it gets the document: it needs no access token'),
  expiresAt: shapes.instant,
});

/** What was decided about a link: it is made of it. */
export interface DecidedLink {
  readonly expiresAt: string;
  readonly disposition: 'inline' | 'attachment';
}

/** Decides on a link to a document, and notes in the log who got one and what for. */
export class IssueDocumentLink extends Command<Committed<DecidedLink>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly input: LinkInput,
  ) {
    super();
  }
}
