import type { Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { issuedApiKeyAnswer } from '../create-api-key/create-api-key.command';
import { operatorReason } from '../set-organization-status/set-organization-status.command';

export const openSupportAccessBody = z
  .strictObject({
    reason: operatorReason,
    minutes: z.number().int().min(5).max(60).default(30).describe('How long the access lasts'),
  })
  .meta({ example: { reason: 'Ticket 4711: the March report looks wrong', minutes: 30 } });

/** What an operator gets to look into an organization. The key is shown this once. */
export const supportAccessAnswer = issuedApiKeyAnswer
  .pick({ id: true, key: true, scopes: true })
  .extend({ expiresAt: shapes.instant });
export type SupportAccess = z.output<typeof supportAccessAnswer>;

/** An operator asks to look into an organization for a while. */
export class OpenSupportAccess extends Command<Committed<SupportAccess>> {
  constructor(
    readonly operatorId: number,
    readonly requestId: string,
    readonly organizationId: number,
    readonly input: z.output<typeof openSupportAccessBody>,
    /** What there is to look at. */
    readonly areas: ReadonlySet<string>,
  ) {
    super();
  }
}
