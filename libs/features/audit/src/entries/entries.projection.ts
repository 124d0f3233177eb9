import { type EventType, SubjectErased, eventCatalog } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineDerivation, defineProjection } from '@innkeep/platform/events';
import { z } from 'zod';
import { canonical, digest } from './digest';

/** The members of a payload that name things, in the order of the schema: `transactionId` names a transaction. */
const namesIn = ({ schema }: EventType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((name) => /.Id$/.test(name)) : [];

const types = [...eventCatalog.values()];

/** For each event type, what may name the thing it is about. */
export const namedIn = Object.fromEntries(types.map((one) => [one.type, namesIn(one)]));

/** The digest of an event, in the database: from a row of the log or of the audit log. */
export const digestOf = (row: string, data = `${row}.data`) =>
  rawSql(`audit.digest(${row}.organization_id, ${row}.version, ${row}.recorded_at, ${row}.type, ${row}.schema_version, ${row}.property_id,
    ${row}.entity_id, ${row}.actor_id, ${row}.request_id, ${data})`);

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
  readonly data: unknown;
}

/** Digests are made here: in SQL they took longer than the folds of all read models together. Verification makes them there all the same. */
const digests = defineDerivation<BatchEvent>({
  read: (batch) => sql`
    select bucket, position, organization_id, version, type, schema_version, property_id, entity_id, actor_id, request_id,
      coalesce(recorded_data, data) as data, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at
    from ${batch} e where type = any (${types.map(({ type }) => type)}::text[])`,
  derive: (event) =>
    digest({
      ...{ organizationId: event.organization_id, version: event.version, recordedAt: event.recorded_at },
      ...{ type: event.type, schemaVersion: event.schema_version, propertyId: event.property_id },
      ...{ entityId: event.entity_id, actorId: event.actor_id, requestId: event.request_id },
      data: canonical(event.data),
    }),
});

/** Every event of an organization, sealed as the log holds it, in a chain of hashes by version. */
export const entries = defineProjection({
  name: 'audit_entries',
  version: 1,
  events: types,
  table: 'audit.entries',
  derivation: digests,
  // What is erased was sealed and is not opened here: no row of a person's changes when the person is erased.
  fold: (batch, table) => sql`
    with taken as (
      select bucket, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id,
        coalesce(recorded_data, data) as data, derived,
        case when entity_id is null then null when type = ${SubjectErased.type} then data->>'kind' else (
          select left(n.name, -2) from jsonb_array_elements_text(${JSON.stringify(namedIn)}::jsonb->e.type) with ordinality n(name, nth)
          where e.data->>n.name = e.entity_id order by n.nth limit 1) end as entity_type
      from ${batch} e where type = any (${types.map(({ type }) => type)}::text[])
    ), heads as materialized (
      select o.bucket, o.organization_id, h.hash from (select distinct bucket, organization_id from taken) o
      left join lateral (select k.hash from ${table} k where k.bucket = o.bucket and k.organization_id = o.organization_id
        order by k.version desc limit 1) h on true
    )
    insert into ${table} (bucket, organization_id, version, recorded_at, type, schema_version, property_id, entity_type, entity_id, actor_id,
      request_id, data, hash)
    select t.bucket, t.organization_id, t.version, t.recorded_at, t.type, t.schema_version, t.property_id, t.entity_type, t.entity_id,
      t.actor_id, t.request_id, t.data, audit.chain(h.hash, t.derived) over (partition by t.bucket, t.organization_id order by t.version)
    from taken t join heads h on h.bucket = t.bucket and h.organization_id = t.organization_id`,
});
