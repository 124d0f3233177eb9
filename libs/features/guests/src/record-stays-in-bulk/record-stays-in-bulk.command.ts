import type { CommandContext, Committed } from '@innkeep/platform/database';
import { bulkItem, shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { stayStatus } from '../stay.answers';

export const bulkStaysBody = z
  .strictObject({
    items: z
      .array(bulkItem)
      .min(1)
      .max(1000)
      .describe('Stays by their external references, with what became of them; each is judged on its own'),
  })
  .meta({
    example: {
      items: [
        {
          propertyId: 1000,
          externalReference: 'booking-4711',
          adults: 2,
          country: 'PRT',
          arrivesOn: '2026-03-14',
          departsOn: '2026-03-17',
          outcome: 'departed',
          checkedInAt: '2026-03-14T15:00:00Z',
          checkedOutAt: '2026-03-17T10:00:00Z',
        },
      ],
    },
  });

const index = z.int().min(0).describe('Which item, from 0').meta({ example: 0 });

const bulkStayResult = z.union([
  z.object({ index, status: z.enum(['recorded', 'known']), stay: z.object({ id: shapes.uuidId, status: stayStatus }) }),
  z.object({
    index,
    status: z.literal('invalid'),
    code: shapes.text('invalid-request').describe('The name of a problem'),
    errors: z.array(z.object({ pointer: shapes.text('/adults'), detail: shapes.text('has nobody in it') })).readonly(),
  }),
]);

/** What became of one item. */
export type BulkStayResult = z.output<typeof bulkStayResult>;

/** What became of each item. */
export const bulkStaysAnswer = z.object({ results: z.array(bulkStayResult) });

/** Takes over up to 1,000 stays of another system in one unit of work, with their check-ins, check-outs and cancellations. */
export class RecordStaysInBulk extends Command<Committed<{ results: BulkStayResult[] }>> {
  constructor(
    readonly context: CommandContext,
    readonly items: readonly unknown[],
  ) {
    super();
  }
}
