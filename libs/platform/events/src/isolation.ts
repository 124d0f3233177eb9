import { type Sql, runSql, sql } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { type BatchTable, takenBy } from './batch';
import { isDeterministic } from './deterministic-error';
import { assertReadable } from './preparation';
import { type Projection, foldOf } from './projection';

/** Runs a fold inside a savepoint. Answers the error it failed on, if the events themselves are the reason; throws any other. */
async function tryFold(client: PoolClient, projection: Projection, batch: Sql): Promise<unknown> {
  await client.query('savepoint fold');
  try {
    await assertReadable(client, projection.events, batch);
    await runSql(client, await foldOf(client, projection, batch));
    await client.query('release savepoint fold');
    return undefined;
  } catch (error) {
    if (!isDeterministic(error)) throw error;
    await client.query('rollback to savepoint fold');
    return error;
  }
}

/**
 * Folds the batch into one projection although something in it cannot be folded: the organizations are halved until those that
 * fail stand alone, and each of these is parked at the event it fails on. Everybody else is folded as if they were not there.
 */
export async function foldIsolated(client: PoolClient, projection: Projection, batch: BatchTable): Promise<number> {
  const taken = takenBy(projection.name, batch);
  if ((await tryFold(client, projection, taken)) === undefined) return 0;
  const types = projection.events.map(({ type }) => type);
  const { rows } = await runSql(
    client,
    sql`select distinct organization_id from ${taken} e where type = any (${types}::text[])`,
  );
  return isolate(
    client,
    projection,
    batch,
    rows.map(({ organization_id }) => organization_id as string),
  );
}

async function isolate(
  client: PoolClient,
  projection: Projection,
  batch: BatchTable,
  organizations: readonly string[],
): Promise<number> {
  const taken = takenBy(projection.name, batch);
  const half = Math.ceil(organizations.length / 2);
  let parked = 0;
  for (const part of [organizations.slice(0, half), organizations.slice(half)]) {
    if (part.length === 0) continue;
    const error = await tryFold(
      client,
      projection,
      sql`(select * from ${taken} e where organization_id = any (${part}::bigint[]))`,
    );
    if (error === undefined) continue;
    parked +=
      part.length > 1
        ? await isolate(client, projection, batch, part)
        : await parkAtFailingEvent(client, projection, part[0]!, batch);
  }
  return parked;
}

/** Folds the organization's events one by one up to the one that fails, and parks the organization there. */
export async function parkAtFailingEvent(
  client: PoolClient,
  projection: Projection,
  organization: string,
  batch?: BatchTable,
): Promise<number> {
  const taken = takenBy(projection.name, batch);
  const types = projection.events.map(({ type }) => type);
  const { rows } = await runSql(
    client,
    sql`select bucket, version, position, type from ${taken} e where organization_id = ${organization} and type = any (${types}::text[]) order by version`,
  );
  for (const { bucket, version, position, type } of rows as {
    bucket: number;
    version: string;
    position: string;
    type: string;
  }[]) {
    const error = await tryFold(
      client,
      projection,
      sql`(select * from ${taken} e where organization_id = ${organization} and version = ${version})`,
    );
    if (error === undefined) continue;
    await runSql(
      client,
      sql`insert into events.parked as p (bucket, organization_id, projection, position, version, type, error)
        values (${bucket}, ${organization}, ${projection.name}, ${position}, ${version}, ${type}, ${String((error as Error).message).slice(0, 2_000)})
        on conflict (bucket, organization_id, projection) do update
          set position = excluded.position, version = excluded.version, type = excluded.type, error = excluded.error, attempts = p.attempts + 1`,
    );
    return 1;
  }
  return 0;
}
