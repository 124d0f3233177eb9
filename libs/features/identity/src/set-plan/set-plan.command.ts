import type { Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { planName } from '../plan';
import { operatorReason } from '../set-organization-status/set-organization-status.command';

export const setPlanBody = z
  .strictObject({ plan: planName, reason: operatorReason })
  .meta({ example: { plan: 'business', reason: 'They have signed a new contract' } });

/** An organization as operators see it, by its plan. */
export const operatedPlanAnswer = z.object({ id: shapes.numericId, plan: planName });
export type OperatedPlan = z.output<typeof operatedPlanAnswer>;

/** An operator puts an organization on another plan. What it has already stays, even if it is more than the plan has room for. */
export class SetPlan extends Command<Committed<OperatedPlan>> {
  constructor(
    readonly operatorId: number,
    readonly requestId: string,
    readonly organizationId: number,
    readonly input: z.output<typeof setPlanBody>,
  ) {
    super();
  }
}
