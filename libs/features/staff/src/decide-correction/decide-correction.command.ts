import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Decision } from '../correction';
import type { CorrectionView } from '../staff.answers';

/** Also of leave requests. */
export const decisionBody = z
  .strictObject({ decision: z.enum(['approved', 'rejected']), reason: prose(500).optional() })
  .meta({ example: { decision: 'approved' } });

/** Approves or rejects a correction. Saying the same again changes nothing. */
export class DecideCorrection extends Command<Committed<CorrectionView>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly decision: Decision,
  ) {
    super();
  }
}
