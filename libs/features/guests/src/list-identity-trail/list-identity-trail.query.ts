import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

export const identityTrailQuery = z.strictObject(pageParameters);

const ofIdentity = ['kept', 'changed', 'viewed', 'removed', 'erased'] as const;
const ofDocuments = ['document-kept', 'document-viewed', 'document-removed', 'document-erased'] as const;

const trailEntry = z
  .object({
    id: shapes.uuidId,
    what: z
      .enum([...ofIdentity, ...ofDocuments])
      .describe('What became of the identity, or of a document; `document-viewed`: somebody got a link to it')
      .meta({ example: 'viewed' }),
    documentId: shapes.uuidId.nullable().describe('Null: it is about the identity').meta({ example: null }),
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
    const projections = ['guests_document_trail'];
    // What documents have become has no id of its own: the version of the event makes one.
    const snapshot = await this.reader.read<TrailRow>(
      { organizationId, minPosition, projections },
      ({ bucket }) => sql`
        with trail as materialized (
          select t.id, t.what, null::uuid as document_id, t.by_user_id, t.purpose, t.at from guests.identity_trail t
          where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.stay_id = ${stayId}::uuid
          union all
          select ('00000000-0000-8000-8000-' || lpad(to_hex(t.version), 12, '0'))::uuid, t.what, t.document_id, t.by_user_id, t.purpose, t.at
          from guests.document_trail t
          where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.stay_id = ${stayId}::uuid
        )
        select s.property_id::float8 as "propertyId", (select coalesce(json_agg(page), '[]') from (
          select json_build_object('id', t.id, 'what', t.what, 'documentId', t.document_id, 'byUserId', t.by_user_id, 'purpose', t.purpose,
            'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as body
          from trail t
          where ${after ?? null}::uuid is null or (t.at, t.id) > (select l.at, l.id from trail l where l.id = ${after ?? null}::uuid)
          order by t.at, t.id limit ${limit}) page) as entries
        from guests.stays s where s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.id = ${stayId}::uuid`,
    );
    const [row] = snapshot.rows;
    if (!row || !maySeeProperty(principal, row.propertyId)) throw notFound('stay');
    return snapshot;
  }
}
