import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { holding } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { CorrectionView } from '../staff.answers';

const instant = z.iso.datetime({ offset: true });

export const requestCorrectionBody = z
  .strictObject({
    shiftId: z.uuid().optional().describe('The shift to be corrected; without it one is added that nobody recorded'),
    propertyId: z.int().min(1).optional().describe('Of a shift that is to be added'),
    userId: z.int().min(1).optional().describe('Whose shift is to be added; by default yours'),
    startedAt: instant,
    endedAt: instant,
    reason: prose(500),
  })
  .refine(({ shiftId, propertyId }) => (shiftId === undefined) !== (propertyId === undefined), {
    message: 'needs either shiftId or propertyId',
    path: ['shiftId'],
  })
  .refine(({ shiftId, userId }) => shiftId === undefined || userId === undefined, {
    message: 'is known from the shift',
    path: ['userId'],
  })
  .meta({
    oneOf: [
      { ...holding(['shiftId']), not: { anyOf: [holding(['propertyId']), holding(['userId'])] } },
      { ...holding(['propertyId']), not: holding(['shiftId']) },
    ],
    example: {
      shiftId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
      startedAt: '2026-03-14T08:00:00Z',
      endedAt: '2026-03-14T16:30:00Z',
      reason: 'I forgot to check out',
    },
  });
export type CorrectionInput = z.output<typeof requestCorrectionBody>;

/** Asks for other times of a shift that has ended, or for one that nobody recorded. */
export class RequestCorrection extends Command<Committed<CorrectionView>> {
  constructor(
    readonly context: CommandContext,
    readonly input: CorrectionInput,
  ) {
    super();
  }
}
