import { type EventType, SubjectErased, canonicalJson, eventCatalog } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineDerivation, defineProjection } from '@innkeep/platform/events';
import { z } from 'zod';
import { digest, link } from './digest';

/** The members of a payload that name things, in the order of the schema: `transactionId` names a transaction. */
const namesIn = ({ schema }: EventType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((name) => /.Id$/.test(name)) : [];

const types = [...eventCatalog.values()];

/** For each event type, what may name the thing it is about. */
const namedIn = Object.fromEntries(types.map((one) => [one.type, namesIn(one)]));

/** The digest of an event, in the database: from a row of the log or of the audit log. */
export const digestOf = (row: string) =>
  rawSql(`audit.digest(${row}.organization_id, ${row}.version, ${row}.recorded_at, ${row}.type, ${row}.schema_version, ${row}.property_id,
    ${row}.entity_id, ${row}.actor_id, ${row}.request_id, ${row}.data)`);

/** An event of the batch as its digest is made of it. */
interface BatchEvent {
  readonly organization_id: string;
  readonly version: string;
  readonly recorded_at: string;
  readonly type: string;
  readonly schema_version: number;
  readonly property_id: string | null;
  readonly entity_id: string | null;
  readonly actor_id: string | null;
  readonly request_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** The payload as the log holds it, where `data` is another. */
  readonly recorded_data: object | null;
  /** The last hash of the organization before this batch, with its first event in it. */
  readonly head: Buffer | null;
}

/** What the event is about, by the name of the member that names it: `transactionId` makes it a transaction. */
function entityTypeOf({ type, entity_id: id, data }: BatchEvent): string | null {
  if (id === null) return null;
  if (type === SubjectErased.type) return data.kind as string;
  const name = namedIn[type]!.find((one) => String(data[one]) === id);
  return name === undefined ? null : name.slice(0, -'Id'.length);
}

const digestOfEvent = (event: BatchEvent): Buffer =>
  digest({
    ...{ organizationId: event.organization_id, version: event.version, recordedAt: event.recorded_at },
    ...{ type: event.type, schemaVersion: event.schema_version, propertyId: event.property_id },
    ...{ entityId: event.entity_id, actorId: event.actor_id, requestId: event.request_id },
    data: canonicalJson(event.recorded_data ?? event.data),
  });

/** Makes the hash of each event of a batch: of the hash before it in its organization, and of its own digest. */
function chain(): (event: BatchEvent) => Buffer {
  const heads = new Map<string, Buffer>();
  return (event) => {
    const hash = link(heads.get(event.organization_id) ?? event.head, digestOfEvent(event));
    heads.set(event.organization_id, hash);
    return hash;
  };
}

/** Made here: in SQL they took longer than the folds of all read models together. Verification makes them there all the same. */
const hashes = defineDerivation<BatchEvent>({
  columns: { hash: 'bytea', entity_type: 'text' },
  // What is erased was sealed and is not opened here: no row of a person's changes when the person is erased.
  read: (batch, table) => sql`
    select bucket, position, organization_id, version, type, schema_version, property_id, entity_id, actor_id, request_id,
      data, recorded_data, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at,
      case when lag(version) over (partition by bucket, organization_id order by version) is null then (
        select k.hash from ${table} k where k.bucket = e.bucket and k.organization_id = e.organization_id order by k.version desc limit 1
      ) end as head
    from ${batch} e where type = any (${types.map(({ type }) => type)}::text[]) order by bucket, organization_id, version`,
  derive: () => {
    const hashOf = chain();
    return (event) => ({ hash: hashOf(event), entity_type: entityTypeOf(event) });
  },
});

/** Every event of an organization, sealed as the log holds it, in a chain of hashes by version. */
export const entries = defineProjection({
  name: 'audit_entries',
  version: 1,
  events: types,
  table: 'audit.entries',
  derivation: hashes,
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, version, recorded_at, type, schema_version, property_id, entity_type, entity_id, actor_id,
      request_id, data, hash)
    select bucket, organization_id, version, recorded_at, type, schema_version, property_id, entity_type, entity_id, actor_id, request_id,
      coalesce(recorded_data, data), hash
    from ${batch} e`,
});
