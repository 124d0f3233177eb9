import { runSql, sql } from '@innkeep/platform/database';
import type { Pool, PoolClient } from 'pg';
import { passArchive } from './archived-log';
import type { Projection } from './projection';
import { inTransaction } from './in-transaction';
import { newTrack, outdatedTrack, retiredTrack } from './projection-operations';
import { LIVE_TRACK } from './projection-runner';
import type { Reactor } from './reactor';
import { reactorTrack } from './reactor-runner';
import { leaveLive, lockRegistration, startTrack } from './track-membership';

interface Registered {
  readonly name: string;
  readonly version: number;
  readonly track: string;
}

/** What registration found that somebody has to know. */
export interface Registration {
  /** Projections that have to be built because the log has a history they have not seen. */
  readonly fresh: string[];
  /** Projections whose table is of an earlier version than the code: they stand still until they are rebuilt. */
  readonly outdated: string[];
  /** Reactors that begin where the log begins now: what is in the archive they are never shown. */
  readonly late: string[];
}

/**
 * Makes the checkpoints of new tracks and settles which projections the live track carries. Several instances may do it at once:
 * a lock makes them take turns, and the second one finds everything settled.
 */
export async function registerTracks(
  pool: Pool,
  projections: readonly Projection[],
  reactors: readonly Reactor[],
): Promise<Registration> {
  checkTrails(projections, reactors);
  const client = await pool.connect();
  try {
    return await inTransaction(client, async () => {
      await lockRegistration(client);
      await startTrack(client, LIVE_TRACK);
      const late = await settleReactors(client, reactors);
      return { ...(await settle(client, projections)), late };
    });
  } finally {
    client.release();
  }
}

/** Fails where a reactor trails what is no projection: it would trail nothing, and nobody would notice. */
export function checkTrails(projections: readonly Projection[], reactors: readonly Reactor[]): void {
  const known = new Set(projections.map(({ name }) => name));
  for (const { name, trails } of reactors) {
    const unknown = trails.find((trailed) => !known.has(trailed));
    if (unknown) throw new Error(`the reactor ${name} trails ${unknown}, which is no projection`);
  }
}

/** Says which reactors there are and what they trail, and makes the checkpoints of those that are new. Answers those that are late. */
async function settleReactors(client: PoolClient, reactors: readonly Reactor[]): Promise<string[]> {
  const late: string[] = [];
  for (const reactor of reactors) {
    await startTrack(client, reactorTrack(reactor));
    if (await passArchive(client, reactorTrack(reactor))) late.push(reactor.name);
  }
  await client.query('delete from events.reactors where track <> all ($1::text[])', [reactors.map(reactorTrack)]);
  for (const reactor of reactors)
    await runSql(
      client,
      sql`insert into events.reactors (track, trails) values (${reactorTrack(reactor)}, ${reactor.trails}::text[])
        on conflict (track) do update set trails = excluded.trails`,
    );
  return late;
}

async function settle(client: PoolClient, projections: readonly Projection[]): Promise<Omit<Registration, 'late'>> {
  const { rows: known } = await client.query<Registered>('select name, version, track from events.projections');
  const { rows: history } = await client.query<{ exists: boolean }>(
    'select exists (select from events.checkpoints where track = $1 and position > 0)',
    [LIVE_TRACK],
  );
  const fresh: string[] = [];
  const outdated: string[] = [];
  for (const { name, version, table } of projections) {
    const present = known.find((one) => one.name === name);
    if (!present) {
      const track = history[0]!.exists ? newTrack(name) : LIVE_TRACK;
      await runSql(
        client,
        sql`insert into events.projections (name, version, table_name, track) values (${name}, ${version}, ${table}, ${track})`,
      );
      if (track !== LIVE_TRACK) await startTrack(client, track);
      fresh.push(...(track === LIVE_TRACK ? [] : [name]));
    } else if (present.version < version) {
      if (present.track === LIVE_TRACK) await leaveLive(client, name, outdatedTrack(name));
      outdated.push(name);
    } else if (present.track === newTrack(name)) {
      fresh.push(name);
    }
  }
  const removed = known.filter(
    ({ name, track }) => track === LIVE_TRACK && !projections.some((projection) => projection.name === name),
  );
  for (const { name } of removed) await leaveLive(client, name, retiredTrack(name));
  return { fresh, outdated };
}
