import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { purgeReceipt } from '../list-purges/receipt';

const MOST_KEYS = 100;

export const purgeKeysBody = z
  .strictObject({
    keys: z
      .array(z.string().regex(/^[a-z0-9:_-]{1,128}$/, 'is not a cache tag'))
      .min(1)
      .max(MOST_KEYS)
      .describe('Cache tags that name your organization, one of its properties or you'),
  })
  .meta({ example: { keys: ['finance:summary:property:1000'] } });

export const operatorPurgeBody = z
  .strictObject({
    reason: prose(500, 5).describe('Why. It is written into the log of the organization'),
  })
  .meta({ example: { reason: 'Ticket 4711: old figures on the dashboard' } });

/** What is going to be purged. */
export const requestedPurgeAnswer = z.object({
  tags: z
    .array(z.string())
    .describe('What is purged, in memory and at the edge')
    .meta({ example: ['property:1000'] }),
});
export type RequestedPurge = z.output<typeof requestedPurgeAnswer>;

/** What is going to be purged, and for who waits what has been by now. */
export const awaitedPurgeAnswer = requestedPurgeAnswer.extend({
  receipts: z.array(purgeReceipt).optional().describe('With `wait=true`: of the purges that were confirmed by now'),
});
/** What was purged at every CDN. */
export const confirmedPurgeAnswer = requestedPurgeAnswer
  .extend({ receipts: z.array(purgeReceipt) })
  .describe('With `wait=true`: every CDN has confirmed the purge');

/** What somebody wants forgotten. */
export type PurgeTarget =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'organization'; readonly organizationId: number }
  | { readonly kind: 'property'; readonly propertyId: number };

/** The operator who asks, where it is one. */
export interface AskingOperator {
  readonly operatorId: number;
  readonly reason: string;
}

/** Somebody asks for what is kept of an organization to be forgotten, whether or not anything changed. */
export class RequestPurge extends Command<Committed<RequestedPurge>> {
  constructor(
    readonly context: CommandContext,
    readonly target: PurgeTarget,
    readonly operator?: AskingOperator,
  ) {
    super();
  }
}
