import { type Principal, PropertyPort, StoragePort } from '@innkeep/contracts';
import { Reader, type Snapshot } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Optional } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { MemberAnswers } from '../member-answers.store';
import { type PlanName, planName, plans } from '../plan';
import { countUsers } from '../plan.store';

const usage = z.object({
  used: shapes.count,
  limit: z.int().min(0).nullable().describe('Null: as many as you like').meta({ example: 100 }),
});

/** The plan of an organization, and how much of it is used. */
export const planAnswer = z
  .object({
    plan: planName,
    properties: usage,
    users: usage.describe('Who can sign in, and who is invited'),
    storageBytes: usage,
    requestsPerMinute: z.object({ limit: usage.shape.limit }),
  })
  .meta({ id: 'Plan' });
type PlanBody = z.output<typeof planAnswer>;

/** The plan of the caller's organization. */
export class GetPlan extends Query<Snapshot<PlanBody>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetPlan)
export class GetPlanHandler implements IQueryHandler<GetPlan> {
  constructor(
    private readonly reader: Reader,
    private readonly organizations: MemberAnswers,
    private readonly properties: PropertyPort,
    @Optional() private readonly storage?: StoragePort,
  ) {}

  execute({ principal: { organizationId }, minPosition }: GetPlan): Promise<Snapshot<PlanBody>> {
    return this.reader.gather({ organizationId, minPosition }, async (port) => {
      const plan = (await this.organizations.organization(port)).plan as PlanName;
      const limits = plans[plan];
      return {
        plan,
        properties: { used: await this.properties.count(port), limit: limits.properties },
        users: { used: await countUsers(port), limit: limits.users },
        storageBytes: { used: (await this.storage?.usedBytes(port)) ?? 0, limit: limits.storageBytes },
        requestsPerMinute: { limit: limits.requestsPerMinute },
      };
    });
  }
}
