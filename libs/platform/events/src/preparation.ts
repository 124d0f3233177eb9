import { type EventType, upcast } from '@innkeep/contracts';
import { type Sql, rawSql, runSql, sql } from '@innkeep/platform/database';
import { MasterKeyError, type MasterKeys, openEvents } from '@innkeep/platform/privacy';
import type { PoolClient } from 'pg';
import type { BatchTable } from './batch';

interface BatchEvent {
  readonly bucket: number;
  readonly position: string;
  readonly organization_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: Record<string, unknown>;
}

/** What an event of the batch becomes: another payload, or the reason why nobody can fold it. */
type Change = { readonly data: unknown } | { readonly flaw: string };

/** An event of the batch cannot be read. Comes back however often it is tried: its organization is parked. */
export class FlawedEventError extends Error {
  constructor(type: string, flaw: string) {
    super(`${type}: ${flaw}`);
    this.name = 'FlawedEventError';
  }
}

/**
 * Makes the batch's events what folds expect, in the session's table only: the log is never edited. Personal fields are opened, then
 * earlier schema versions are brought to today's. Costs nothing unless an event type needs it. Answers how many events cannot be read;
 * they are marked in the batch.
 */
export async function prepareBatch(
  client: PoolClient,
  eventTypes: readonly EventType[],
  masterKeys: MasterKeys | undefined,
  batch: BatchTable = 'batch',
): Promise<number> {
  const types = [...new Map(eventTypes.map((one) => [one.type, one])).values()];
  return (await openBatch(client, types, masterKeys, batch)) + (await upcastBatch(client, types, batch));
}

async function openBatch(
  client: PoolClient,
  types: readonly EventType[],
  masterKeys: MasterKeys | undefined,
  batch: BatchTable,
): Promise<number> {
  const personal = types.filter((one) => one.personal).map(({ type }) => type);
  if (personal.length === 0) return 0;
  if (!masterKeys) throw new MasterKeyError(`${personal.join(', ')} cannot be folded without MASTER_KEYS`);
  const events = await read(client, sql`select * from ${rawSql(batch)} where type = any (${personal}::text[])`);
  const sealed = events.map((event) => ({ ...event, organizationId: Number(event.organization_id) }));
  return change(client, events, await openEvents(client, masterKeys, sealed), batch);
}

async function upcastBatch(client: PoolClient, types: readonly EventType[], batch: BatchTable): Promise<number> {
  const evolved = types.filter(({ version }) => version > 1);
  if (evolved.length === 0) return 0;
  const events = await read(
    client,
    sql`select b.* from ${rawSql(batch)} b
      join unnest(${evolved.map(({ type }) => type)}::text[], ${evolved.map(({ version }) => version)}::int[]) as now(type, version)
        on now.type = b.type and b.schema_version < now.version
      where b.flaw is null`,
  );
  const byType = new Map(evolved.map((one) => [one.type, one]));
  return change(
    client,
    events,
    events.map(({ type, schema_version, data }) => tryUpcast(byType.get(type)!, schema_version, data)),
    batch,
  );
}

function tryUpcast(eventType: EventType, version: number, data: unknown): Change {
  try {
    return { data: upcast(eventType, version, data) };
  } catch (error) {
    return { flaw: `version ${version} cannot be read as version ${eventType.version}: ${(error as Error).message}` };
  }
}

/** Writes what became of the events into the batch. */
async function change(
  client: PoolClient,
  events: readonly BatchEvent[],
  changes: readonly Change[],
  batch: BatchTable,
): Promise<number> {
  if (events.length === 0) return 0;
  const lines = events.map(({ bucket, position }, index) => ({ bucket, position, ...changes[index]! }));
  await runSql(
    client,
    sql`update ${rawSql(batch)} b set data = coalesce(l.data, b.data), recorded_data = coalesce(b.recorded_data, b.data), flaw = l.flaw
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l(bucket smallint, position bigint, data jsonb, flaw text)
      where b.bucket = l.bucket and b.position = l.position`,
  );
  return changes.filter((one) => 'flaw' in one).length;
}

/** Throws if a projection would be given an event that cannot be read. */
export async function assertReadable(client: PoolClient, eventTypes: readonly EventType[], batch: Sql): Promise<void> {
  const { rows } = await runSql(
    client,
    sql`select type, flaw from ${batch} e where flaw is not null and type = any (${eventTypes.map(({ type }) => type)}::text[])
      order by bucket, position limit 1`,
  );
  if (rows[0]) throw new FlawedEventError(rows[0].type as string, rows[0].flaw as string);
}

async function read(client: PoolClient, statement: Sql): Promise<BatchEvent[]> {
  return (await runSql(client, statement)).rows as BatchEvent[];
}
