import { type EventType, upcast } from '@innkeep/contracts';
import { type Sql, sql } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';

interface OldEvent {
  readonly bucket: number;
  readonly position: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: unknown;
}

/**
 * Brings the batch's events of earlier schema versions to today's, in the session's table only: the log is never edited. Folds then
 * meet one shape of each event. Events of today's version, which is nearly all, are not looked at.
 */
export async function upcastBatch(client: PoolClient, eventTypes: readonly EventType[]): Promise<number> {
  const evolved = [...new Map(eventTypes.filter(({ version }) => version > 1).map((one) => [one.type, one])).values()];
  if (evolved.length === 0) return 0;
  const { rows } = await run(
    client,
    sql`select b.bucket, b.position, b.type, b.schema_version, b.data from batch b
      join unnest(${evolved.map(({ type }) => type)}::text[], ${evolved.map(({ version }) => version)}::int[]) as now(type, version)
        on now.type = b.type and b.schema_version < now.version`,
  );
  const old = rows as OldEvent[];
  if (old.length === 0) return 0;
  const byType = new Map(evolved.map((one) => [one.type, one]));
  const lifted = old.map(({ bucket, position, type, schema_version, data }) => {
    const eventType = byType.get(type)!;
    return { bucket, position, version: eventType.version, data: upcast(eventType, schema_version, data) };
  });
  await run(
    client,
    sql`update batch b set data = l.data, schema_version = l.version
      from jsonb_to_recordset(${JSON.stringify(lifted)}::jsonb) as l(bucket smallint, position bigint, version smallint, data jsonb)
      where b.bucket = l.bucket and b.position = l.position`,
  );
  return old.length;
}

function run(client: PoolClient, statement: Sql) {
  const { text, values } = statement.compile();
  return client.query(text, values);
}
