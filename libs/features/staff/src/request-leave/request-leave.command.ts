import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { LeaveView } from '../staff.answers';

const day = z.iso.date().refine((date) => date >= '2000-01-01' && date <= '2100-12-31', 'is a day from 2000 to 2100');

export const requestLeaveBody = z
  .strictObject({
    propertyId: z.int().min(1).describe('The property that you are missed in; its managers decide'),
    leaveTypeId: z.uuid(),
    userId: z.int().min(1).optional().describe('Whose leave; by default yours. Managers ask for others too'),
    from: day,
    to: day,
    startsAtNoon: z.boolean().default(false),
    endsAtNoon: z.boolean().default(false),
    reason: prose(500).optional(),
  })
  .meta({
    example: {
      propertyId: 1000,
      leaveTypeId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
      from: '2026-07-06',
      to: '2026-07-10',
      endsAtNoon: true,
    },
  });
export type LeaveInput = z.output<typeof requestLeaveBody>;

/** Asks for leave. */
export class RequestLeave extends Command<Committed<LeaveView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: LeaveInput,
  ) {
    super();
  }
}
