import { prose } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';

export const operatorReason = prose(500, 5).describe('Why. The owners of the organization see it');

export const setOrganizationStatusBody = z
  .strictObject({
    status: z.enum(['active', 'suspended']).describe('Whether anybody gets into the organization'),
    reason: operatorReason,
  })
  .meta({ example: { status: 'suspended', reason: 'Three invoices are unpaid' } });

/** An organization as operators see it. */
export const operatedOrganizationAnswer = z.object({
  id: shapes.numericId,
  status: z.enum(['active', 'suspended']),
});
export type OperatedOrganization = z.output<typeof operatedOrganizationAnswer>;

/** An operator suspends an organization, or opens one again that was suspended or closed. */
export class SetOrganizationStatus extends Command<Committed<OperatedOrganization>> {
  constructor(
    readonly operatorId: number,
    readonly requestId: string,
    readonly organizationId: number,
    readonly input: z.output<typeof setOrganizationStatusBody>,
  ) {
    super();
  }
}
