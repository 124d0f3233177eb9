import type { Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { operatorReason } from '../set-organization-status/set-organization-status.command';

export const openSupportAccessBody = z
  .strictObject({
    reason: operatorReason,
    minutes: z.number().int().min(5).max(60).default(30).describe('How long the access lasts'),
  })
  .meta({ example: { reason: 'Ticket 4711: the March report looks wrong', minutes: 30 } });

/** What an operator gets to look into an organization. The key is shown this once. */
export interface SupportAccess {
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

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
