import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

export const identityTrailQuery = z.strictObject(pageParameters);

const trailEntry = z
  .object({
    id: shapes.uuidId,
    what: z.enum(['kept', 'changed', 'viewed', 'removed', 'erased']).meta({ example: 'viewed' }),
    byUserId: shapes.numericId.nullable().describe('Null: nobody, its time was over'),
    purpose: shapes.text('Report to the police register').nullable(),
    at: shapes.instant,
  })
  .meta({ id: 'IdentityTrailEntry' });

export const identityTrailPage = pageOf(trailEntry);

interface TrailRow {
  readonly propertyId: number;
  readonly entries: { readonly body: z.output<typeof trailEntry> }[];
}

/** What became of the identity of a guest and who was shown it, in the order in which it happened. */
export class ListIdentityTrail extends Query<Snapshot<TrailRow>> {
  constructor(
    readonly principal: Principal,
    readonly stayId: string,
    readonly after: string | undefined,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListIdentityTrail)
export class ListIdentityTrailHandler implements IQueryHandler<ListIdentityTrail> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, stayId, after, limit, minPosition }: ListIdentityTrail): Promise<Snapshot<TrailRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<TrailRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select s.property_id::float8 as "propertyId", (select coalesce(json_agg(page), '[]') from (
          select json_build_object('id', t.id, 'what', t.what, 'byUserId', t.by_user_id, 'purpose', t.purpose,
            'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as body
          from guests.identity_trail t
          where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.stay_id = s.id
            and (${after ?? null}::uuid is null or t.id > ${after ?? null}::uuid)
          order by t.id limit ${limit}) page) as entries
        from guests.stays s where s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.id = ${stayId}::uuid`,
    );
    const [row] = snapshot.rows;
    if (!row || !maySeeProperty(principal, row.propertyId)) throw notFound('stay');
    return snapshot;
  }
}
