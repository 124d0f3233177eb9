import { SubjectErased } from '@innkeep/contracts';
import { runSql, sql } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { Pool, PoolClient } from 'pg';
import { requireWholeLog } from './archived-log';
import type { Projection } from './projection';
import { inTransaction } from './in-transaction';
import { catchUp, leaveLive, lockRegistration, startTrack } from './track-membership';

/** Told how many events each step of a long operation took. */
export type Progress = (events: number) => void;

export interface Difference {
  readonly organizationId: number;
  /** Rows of the live table and of the one folded from the log. */
  readonly liveRows: number;
  readonly expectedRows: number;
}

const rebuildTrack = (name: string) => `rebuild:${name}`;
const verifyTrack = (name: string) => `verify:${name}`;
const heldTrack = (name: string) => `held:${name}`;
/** Where a projection waits whose table is of a version before the code's. */
export const outdatedTrack = (name: string) => `outdated:${name}`;
/** Where a projection was left that the code does not know any more. */
export const retiredTrack = (name: string) => `retired:${name}`;
/** Where a projection stands that was added to a log with a history, until it is built. */
export const newTrack = (name: string) => `new:${name}`;

/**
 * What a person does with a projection: rebuild, pause, resume, verify. Each runs in the process of whoever asks, beside the
 * projectors; the compared checkpoints keep them out of each other's way, and an interrupted one is taken up again.
 */
export class ProjectionOperations {
  constructor(
    private readonly pool: Pool,
    private readonly projections: readonly Projection[],
    private readonly masterKeys?: MasterKeys,
  ) {}

  find(name: string): Projection {
    const projection = this.projections.find((one) => one.name === name);
    if (!projection)
      throw new Error(
        `there is no projection by the name ${name}; there are ${this.projections.map((one) => one.name).join(', ')}`,
      );
    return projection;
  }

  /** Stops folding a projection; the others go on. What it has applied stays, and reads that need more say how far it is. */
  async pause(name: string): Promise<boolean> {
    this.find(name);
    return this.session((client) => inTransaction(client, () => leaveLive(client, name, heldTrack(name))));
  }

  /** Folds what a paused projection has missed and puts it back among the others. */
  async resume(name: string, progress?: Progress): Promise<boolean> {
    const projection = this.find(name);
    return this.session((client) => this.resumeOn(client, projection.name, progress));
  }

  private async resumeOn(client: PoolClient, name: string, progress?: Progress): Promise<boolean> {
    const track = await trackOf(client, name);
    if (track !== heldTrack(name) && track !== newTrack(name)) return false;
    await catchUp(client, {
      projection: this.find(name),
      track,
      joinsLive: true,
      mayPark: true,
      finish: async () => undefined,
      masterKeys: this.masterKeys,
      progress,
    });
    return true;
  }

  /**
   * Builds the projections that are new on a log with a history, and puts them among the others. Safe to call in every instance:
   * one does the work, the others pass.
   */
  async buildNew(): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string; track: string }>(
      'select name, track from events.projections order by name',
    );
    const fresh = rows.filter(({ name, track }) => track === newTrack(name)).map(({ name }) => name);
    const built: string[] = [];
    for (const name of fresh) {
      const isMine = await this.session(async (client) => {
        const { rows: locks } = await client.query<{ locked: boolean }>(
          "select pg_try_advisory_lock(hashtext('build'), hashtext($1)) as locked",
          [name],
        );
        return locks[0]!.locked && this.resumeOn(client, name);
      });
      if (isMine) built.push(name);
    }
    return built;
  }

  /**
   * Builds the projection's table anew beside the live one, from the log, while new events come in; then puts it in its place, in
   * one transaction with the checkpoint. The table before is kept until `dropBefore`. Organizations that are parked stay so; if the
   * new version can take their events, `retry` brings them back. `archive` is the folder with the files of the months that are not
   * in the log any more; without it the rebuild is refused where there are any.
   */
  async rebuild(name: string, progress?: Progress, archive?: string): Promise<void> {
    const projection = this.find(name);
    const track = rebuildTrack(name);
    await this.session(async (client) => {
      const isNew = await inTransaction(client, async () => {
        await lockRegistration(client);
        const isStarted = await startTrack(client, track);
        await requireWholeLog(client, track, archive);
        if (!isStarted) return false;
        await runSql(client, sql`select events.drop_beside(${name}, 'next')`);
        await runSql(client, sql`select events.create_beside(${name}, 'next')`);
        return true;
      });
      if (!isNew) progress?.(0);
      const beside: Projection = { ...projection, table: `${projection.table}__next` };
      await catchUp(client, {
        projection: beside,
        track,
        replaces: projection.table,
        archive,
        joinsLive: true,
        finish: async () => {
          await runSql(client, sql`select events.swap_in(${name})`);
          await runSql(
            client,
            sql`delete from events.checkpoints where track = any (${[heldTrack(name), newTrack(name), outdatedTrack(name)]}::text[])`,
          );
        },
        masterKeys: this.masterKeys,
        progress,
      });
    });
  }

  /** Removes the table that a rebuild has replaced. */
  async dropBefore(name: string): Promise<void> {
    this.find(name);
    await this.session((client) => runSql(client, sql`select events.drop_beside(${name}, 'before')`));
  }

  /**
   * Folds the log once more into a table of its own and compares it with the live one, organization by organization, at exactly the
   * same position. Answers the organizations that differ: none, if the projection is right. `archive` is as for `rebuild`.
   */
  async verify(name: string, progress?: Progress, archive?: string): Promise<Difference[]> {
    const projection = this.find(name);
    const track = verifyTrack(name);
    const folded: Projection = { ...projection, table: `${projection.table}__verify` };
    let differences: Difference[] = [];
    await this.session(async (client) => {
      const follows = await inTransaction(client, async () => {
        await lockRegistration(client);
        await runSql(client, sql`delete from events.checkpoints where track = ${track}`);
        await runSql(client, sql`select events.drop_beside(${name}, 'verify')`);
        await runSql(client, sql`select events.create_beside(${name}, 'verify')`);
        await startTrack(client, track);
        await requireWholeLog(client, track, archive);
        return trackOf(client, name);
      });
      try {
        await catchUp(client, {
          projection: folded,
          track,
          follows,
          archive,
          joinsLive: false,
          finish: async () => {
            differences = await compare(client, projection.table, folded.table, follows);
          },
          masterKeys: this.masterKeys,
          progress,
        });
      } finally {
        await client.query('rollback');
        await inTransaction(client, async () => {
          await runSql(client, sql`delete from events.checkpoints where track = ${track}`);
          await runSql(client, sql`select events.drop_beside(${name}, 'verify')`);
        });
      }
    });
    return differences;
  }

  private async session<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      // Long statements are what this is for; nobody waits for an answer over HTTP here.
      await client.query('set statement_timeout = 0');
      return await work(client);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      // The session's settings and temporary table go with its connection.
      client.release(failure ?? true);
    }
  }
}

async function trackOf(client: PoolClient, name: string): Promise<string> {
  const { rows } = await client.query<{ track: string }>('select track from events.projections where name = $1', [
    name,
  ]);
  return rows[0]?.track ?? '';
}

/**
 * Organizations whose rows are not the same in both tables, by a hash over all their rows. One that has a person erased of whom the
 * live table does not know yet is left out: the log has nothing to read of that person any more, and the table is about to follow.
 */
async function compare(client: PoolClient, live: string, folded: string, track: string): Promise<Difference[]> {
  const hashes = (table: string) =>
    `select organization_id, count(*) as rows, md5(string_agg(md5(t::text), '' order by md5(t::text))) as hash from ${table} t group by organization_id`;
  const { rows } = await client.query<{ organization_id: string; live: string; expected: string }>(
    `select coalesce(a.organization_id, b.organization_id) as organization_id, coalesce(a.rows, 0) as live, coalesce(b.rows, 0) as expected
     from (${hashes(live)}) a full join (${hashes(folded)}) b on b.organization_id = a.organization_id where a.hash is distinct from b.hash
       and coalesce(a.organization_id, b.organization_id) not in (
         select l.organization_id from events.checkpoints c
           join events.log l on l.bucket = c.bucket and l.position > c.position and l.recorded_at >= c.recorded_at
         where c.track = $1 and l.type = $2)
     order by 1`,
    [track, SubjectErased.type],
  );
  return rows.map((row) => ({
    organizationId: Number(row.organization_id),
    liveRows: Number(row.live),
    expectedRows: Number(row.expected),
  }));
}
