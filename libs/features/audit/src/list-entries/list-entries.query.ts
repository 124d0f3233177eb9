import { type Principal, type SealedField, WITHHELD, characters, eventCatalog, isSealed } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, propertyIdParameter, shapes, wholeNumber } from '@innkeep/platform/http';
import { MasterKeys, SubjectKeys, type SubjectKeyRow, subjectKeysStatement } from '@innkeep/platform/privacy';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayReadAuditLog, mayReadPersonalFields } from '../audit.policies';

const name = z.string().regex(/^[A-Za-z]{1,60}$/, 'is a name, in letters');

export const listEntriesQuery = z.strictObject({
  actorId: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Who did it: a user or an API key; 0 is Innkeep itself'),
  type: name
    .refine((type) => eventCatalog.has(type), 'is no type of event')
    .optional()
    .describe('The type of the event')
    .meta({ example: 'TransactionApproved', enum: [...eventCatalog.keys()].sort() }),
  entityType: name.optional().describe('What kind of thing was changed').meta({ example: 'transaction' }),
  entityId: characters(1, 100).optional().describe('The id of the thing that was changed'),
  propertyId: propertyIdParameter.optional(),
  from: dayParameter.optional().describe('The first day, in UTC'),
  to: dayParameter.optional().describe('The last day, in UTC'),
  ...pageParameters,
});
export type ListEntriesFilter = z.output<typeof listEntriesQuery>;

const payload = z.record(z.string(), z.unknown());

/** One change, as the audit log shows it. */
export const auditEntry = z
  .object({
    version: shapes.position.describe('The version that the organization had after it'),
    recordedAt: shapes.instant,
    type: shapes.text('TransactionApproved'),
    schemaVersion: z.int().min(1).meta({ example: 1 }),
    actorId: z.int().min(0).nullable().describe('A user or an API key; 0 is Innkeep itself').meta({ example: 1000 }),
    requestId: shapes.text('0198c5e27d3a7c1e9a550f4b5d2e6a11').nullable(),
    propertyId: shapes.numericId.nullable(),
    entityType: shapes.text('transaction').nullable(),
    entityId: shapes.text('0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11').nullable(),
    before: payload
      .nullable()
      .describe('What earlier events had said in the same members about the same thing; null if none had')
      .meta({ example: { status: 'pending' } }),
    after: payload.describe('What the event says').meta({ example: { status: 'approved' } }),
    hash: shapes
      .text('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')
      .describe('SHA-256, hexadecimal'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.output<typeof auditEntry>;
export const auditPage = pageOf(auditEntry);

/** What was done in the organization, the latest first. */
export class ListEntries extends Query<Snapshot<AuditEntry>> {
  constructor(
    readonly principal: Principal,
    readonly filter: ListEntriesFilter,
    readonly before: number | null,
    readonly minPosition: number,
  ) {
    super();
  }
}

/** A value, and in an event of which type it was said: that is what a box belongs to. */
interface Said {
  readonly type: string;
  readonly value: unknown;
}
type EntryRow = Omit<AuditEntry, 'before'> & { readonly before: Readonly<Record<string, Said>> | null };

/** How many earlier events of the same thing are looked at for what was before. */
const EARLIER = 20;

@QueryHandler(ListEntries)
export class ListEntriesHandler implements IQueryHandler<ListEntries> {
  constructor(
    private readonly reader: Reader,
    private readonly masterKeys: MasterKeys,
  ) {}

  async execute(query: ListEntries): Promise<Snapshot<AuditEntry>> {
    const { principal } = query;
    assertMayReadAuditLog(principal);
    const snapshot = await this.entries(query);
    const rows = snapshot.rows.map(({ body }) => body);
    const open = mayReadPersonalFields(principal) ? await this.opener(principal.organizationId, rows) : () => WITHHELD;
    return { ...snapshot, rows: rows.map((row) => shown(row, open)) };
  }

  private entries({ principal, filter, before, minPosition }: ListEntries): Promise<Snapshot<{ body: EntryRow }>> {
    const { organizationId, properties } = principal;
    const {
      actorId = null,
      type = null,
      entityType = null,
      entityId = null,
      propertyId = null,
      from = null,
      to = null,
    } = filter;
    const seen = properties === 'all' ? null : [...properties];
    return this.reader.read(
      { organizationId, minPosition, projections: ['audit_entries'] },
      ({ bucket }) => sql`
        with page as materialized (
          select * from audit.entries e
          where e.bucket = ${bucket} and e.organization_id = ${organizationId} and (${before}::bigint is null or e.version < ${before})
            and (${actorId}::bigint is null or e.actor_id = ${actorId}) and (${type}::text is null or e.type = ${type})
            and (${entityType}::text is null or e.entity_type = ${entityType}) and (${entityId}::text is null or e.entity_id = ${entityId})
            and (${propertyId}::bigint is null or e.property_id = ${propertyId})
            and (${seen}::bigint[] is null or e.property_id = any (${seen}::bigint[]))
            and (${from}::date is null or e.recorded_at >= ${from}::timestamp at time zone 'UTC')
            and (${to}::date is null or e.recorded_at < (${to}::date + 1)::timestamp at time zone 'UTC')
          order by e.version desc limit ${filter.limit + 1}
        )
        select json_build_object('version', p.version, 'recordedAt', to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'type', p.type, 'schemaVersion', p.schema_version, 'actorId', p.actor_id, 'requestId', p.request_id, 'propertyId', p.property_id,
          'entityType', p.entity_type, 'entityId', p.entity_id, 'before', b.before, 'after', p.data, 'hash', encode(p.hash, 'hex')) as body
        from page p left join lateral (
          select json_object_agg(m.key, json_build_object('type', m.type, 'value', m.value)) as before from (
            select distinct on (d.key) d.key, d.value, o.type from (
              select k.version, k.type, k.data from audit.entries k
              where k.bucket = p.bucket and k.organization_id = p.organization_id and k.entity_type = p.entity_type
                and k.entity_id = p.entity_id and k.version < p.version
              order by k.version desc limit ${EARLIER}) o, jsonb_each(o.data) d
            where p.data ? d.key order by d.key, o.version desc) m) b on true
        order by p.version desc`,
    );
  }

  private async opener(organizationId: number, rows: readonly EntryRow[]) {
    const subjects = [...new Set(rows.flatMap(sealedIn).map(({ sealedFor }) => sealedFor))];
    if (subjects.length === 0) return () => WITHHELD;
    const { rows: found } = await this.reader.read<SubjectKeyRow>({ organizationId }, ({ bucket }) =>
      subjectKeysStatement(bucket, organizationId, subjects),
    );
    const keys = new SubjectKeys(this.masterKeys, organizationId, found);
    return (type: string, field: string, sealed: SealedField) => keys.open(type, field, sealed);
  }
}

const sealedIn = ({ before, after }: EntryRow): SealedField[] =>
  [...Object.values(after), ...Object.values(before ?? {}).map(({ value }) => value)].filter(isSealed);

function shown(row: EntryRow, open: (type: string, field: string, sealed: SealedField) => string): AuditEntry {
  const show = (type: string, field: string, value: unknown) => (isSealed(value) ? open(type, field, value) : value);
  const before = Object.entries(row.before ?? {}).map(([field, { type, value }]) => [field, show(type, field, value)]);
  return {
    ...row,
    before: before.length > 0 ? (Object.fromEntries(before) as AuditEntry['before']) : null,
    after: Object.fromEntries(Object.entries(row.after).map(([field, value]) => [field, show(row.type, field, value)])),
  };
}
