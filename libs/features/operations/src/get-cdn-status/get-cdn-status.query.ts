import { type Principal, cacheFamilies } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import {
  EdgeState,
  breakerAt,
  familySteps,
  newFamilyState,
  newProviderState,
  secondsOfStep,
} from '@innkeep/platform/edge';
import { forbidden, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

const providerStatus = z.object({
  name: shapes.text('cloudflare'),
  breaker: z
    .enum(['closed', 'open', 'half-open'])
    .describe('`open`: it failed so often that it is only tried now and then'),
  pausedUntil: shapes.instant.nullable().describe('It wants to be left alone until then'),
  waiting: shapes.count.describe('Tags of your organization that it has not confirmed'),
});

const familyStatus = z.object({
  name: shapes.text('finance'),
  edgeSeconds: z.int().min(0).describe('How long answers may live at the edge by now').meta({ example: 300 }),
  step: z.enum(familySteps).describe('`baseline`: nothing is wrong'),
  reason: z.string().nullable().meta({ example: null }),
});

/** How the CDNs in front and the families of the cache are doing. */
export const cdnStatusAnswer = z.object({
  isHealthy: z.boolean(),
  providers: z.array(providerStatus),
  families: z.array(familyStatus),
});
export type CdnStatus = z.output<typeof cdnStatusAnswer>;

/** How the CDNs are doing, and how many purges of the organization wait. */
export class GetCdnStatus extends Query<Snapshot<CdnStatus>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
  ) {
    super();
  }
}

interface WaitingRow {
  readonly provider: string;
  readonly waiting: number;
}

@QueryHandler(GetCdnStatus)
export class GetCdnStatusHandler implements IQueryHandler<GetCdnStatus> {
  constructor(
    private readonly reader: Reader,
    private readonly edge: EdgeState,
  ) {}

  async execute({ principal, minPosition }: GetCdnStatus): Promise<Snapshot<CdnStatus>> {
    if (principal.role !== 'owner') throw forbidden('Only owners see how the edge is doing.');
    const { organizationId } = principal;
    const [waiting, providers, families] = await Promise.all([
      this.reader.read<WaitingRow>(
        { organizationId, minPosition },
        ({ bucket }) => sql`
          with own as materialized (
            select provider, repeats_left from edge.purge_asks where bucket = ${bucket} and organization_id = ${organizationId})
          select provider, count(*) filter (where repeats_left > 0)::int as waiting from own group by provider`,
      ),
      this.edge.providers.all(),
      this.edge.families.all(),
    ]);
    const names = new Set([...providers.states.keys(), ...waiting.rows.map(({ provider }) => provider)]);
    const status = {
      providers: [...names].sort().map((name) => {
        const { pausedUntil, breaker } = providers.states.get(name) ?? newProviderState;
        return {
          name,
          breaker: breakerAt(breaker, providers.now).state,
          pausedUntil: pausedUntil > providers.now ? new Date(pausedUntil).toISOString() : null,
          waiting: waiting.rows.find(({ provider }) => provider === name)?.waiting ?? 0,
        };
      }),
      families: Object.values(cacheFamilies).map(({ name, edgeSeconds }) => {
        const { step, reason } = families.states.get(name) ?? newFamilyState;
        const isBaseline = step === 'baseline';
        return {
          name,
          edgeSeconds: Math.min(edgeSeconds, secondsOfStep[step]),
          step,
          reason: isBaseline ? null : reason,
        };
      }),
    };
    const isHealthy =
      status.providers.every(({ breaker }) => breaker === 'closed') &&
      status.families.every(({ step }) => step === 'baseline');
    return { ...waiting, rows: [{ isHealthy, ...status }] };
  }
}
