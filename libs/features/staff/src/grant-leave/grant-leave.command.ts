import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { halfDays } from '../leave-days';
import { days } from '../staff.answers';

export const grantLeaveBody = z
  .strictObject({
    userId: z.int().min(1),
    leaveTypeId: z.uuid(),
    year: z.int().min(2000).max(2100),
    days: halfDays(-366, 366)
      .refine((given) => given !== 0, 'changes nothing')
      .meta({ not: { const: 0 } })
      .describe('More than everybody has; less, if it is negative'),
    reason: prose(500),
  })
  .meta({
    example: {
      userId: 1001,
      leaveTypeId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
      year: 2026,
      days: 2.5,
      reason: 'Worked on the holiday',
    },
  });

/** What was granted. */
export const grantAnswer = z
  .object({
    id: shapes.uuidId,
    userId: shapes.numericId,
    leaveTypeId: shapes.uuidId,
    year: z.int().meta({ example: 2026 }),
    days,
  })
  .meta({ id: 'LeaveGrant' });
export type GrantView = z.output<typeof grantAnswer>;

/** Gives somebody more or less of a leave in a year than everybody has. */
export class GrantLeave extends Command<Committed<GrantView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof grantLeaveBody>,
  ) {
    super();
  }
}
