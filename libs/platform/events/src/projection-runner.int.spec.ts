import type { Shard } from '@innkeep/platform/database';
import { addOrganizations, eventually, printedSeed, sessionsWaitingForLocks, withSession } from '@innkeep/testing';
import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { createBatchTable } from './batch';
import { type Entry, type LogUnderTest, expectedRows, openLog, projections } from './log-under-test';
import { FencedError } from './fenced-error';
import { LIVE_TRACK, foldNextBatch } from './projection-runner';
import { registerTracks } from './registration';

const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);

describe('a fold', () => {
  let log: LogUnderTest;
  let shard: Shard;
  let client: PoolClient;
  beforeAll(async () => {
    log = await openLog();
    shard = await log.openShard();
    await registerTracks(shard.pool, projections, []);
    client = await shard.pool.connect();
    await client.query(createBatchTable);
  });
  afterAll(async () => {
    client.release();
    await log.close();
  });

  const foldBy = async (session: PoolClient, limit?: number) =>
    (await foldNextBatch(session, { track: LIVE_TRACK, projections, owned: allBuckets, limit })).events;
  const fold = (limit?: number) => foldBy(client, limit);
  const foldAll = async () => {
    let folded = 0;
    for (let count = await fold(); count > 0; count = await fold()) folded += count;
    return folded;
  };
  const checkpoint = async (bucket: number) =>
    Number(
      (
        await log.asAdmin<{ position: string }>(
          `select position from events.checkpoints where track = 'live' and bucket = $1`,
          [bucket],
        )
      )[0]!.position,
    );

  it('gives the rows that adding up in memory gives, wherever batches are cut', async () => {
    const entry = fc.oneof(
      fc.integer({ min: -999, max: 999 }),
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.constant(undefined),
    );
    const step = fc.record({
      who: fc.nat(3),
      entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
      isCut: fc.boolean(),
    });
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      // Three share a bucket; each run has organizations of its own.
      const organizations = await addOrganizations(log.database, [30, 30, 30, 31]);
      const written = new Map<number, readonly Entry[]>();
      const ownRows = async () => {
        const ids = new Set(organizations.map(({ organizationId }) => organizationId));
        const rows = Object.entries(await log.rows()) as [string, { id: number }[]][];
        return Object.fromEntries(rows.map(([table, all]) => [table, all.filter(({ id }) => ids.has(id))]));
      };
      for (const { who, entries, isCut } of steps) {
        const { organizationId } = organizations[who]!;
        await log.write(organizations[who]!, entries);
        written.set(organizationId, [...(written.get(organizationId) ?? []), ...entries]);
        if (isCut) await fold();
      }
      await foldAll();
      expect(await ownRows()).toEqual(expectedRows(written));
      await log.rewind();
      await foldAll();
      expect(await ownRows()).toEqual(expectedRows(written));
    });
    await fc.assert(property, { numRuns: 6, seed: printedSeed('fold') });
  });

  it('takes no more than a batch at once, and every bucket from its checkpoint on without a hole', async () => {
    const organizations = await addOrganizations(log.database, [40, 41, 42]);
    const written = new Map<number, readonly Entry[]>();
    for (const [index, organization] of organizations.entries()) {
      const entries = Array.from({ length: 700 }, (_, n) => (n % 10 === 0 ? `n${n}` : n + index));
      await log.write(organization, entries);
      written.set(organization.organizationId, entries);
    }
    const batches: number[] = [];
    for (let count = await fold(1_000); count > 0; count = await fold(1_000)) {
      batches.push(count);
      for (const [index, organization] of organizations.entries()) {
        const position = await checkpoint(organization.bucket);
        const expected = expectedRows(
          new Map([[organization.organizationId, written.get(organization.organizationId)!.slice(0, position)]]),
        );
        const rows = (await log.rows()).counts as { id: number }[];
        expect([index, rows.filter(({ id }) => id === organization.organizationId)]).toEqual([index, expected.counts]);
      }
    }
    expect(batches).toEqual([1_000, 1_000, 100]);
  });

  it('advances past events that no projection takes', async () => {
    const [organization] = await addOrganizations(log.database, [43]);
    await log.write(organization!, [undefined, undefined]);
    await foldAll();
    expect(await checkpoint(43)).toBe(2);
  });

  it('notes at which version each read model changed', async () => {
    const [organization] = await addOrganizations(log.database, [44]);
    await log.write(organization!, [5, 'a name', undefined]);
    await foldAll();
    const heads = await log.asAdmin('select versions from events.projection_heads where organization_id = $1', [
      organization!.organizationId,
    ]);
    expect(heads).toEqual([{ versions: { counts: 1, names: 2, sums: 1 } }]);
    await log.write(organization!, ['another name']);
    await foldAll();
    expect(
      await log.asAdmin('select versions from events.projection_heads where organization_id = $1', [
        organization!.organizationId,
      ]),
    ).toEqual([{ versions: { counts: 1, names: 4, sums: 1 } }]);
  });

  it('by an instance that was paused while another went on is fenced, and leaves no rows', async () => {
    const [organization] = await addOrganizations(log.database, [45]);
    await log.write(organization!, [7, 'a name']);
    await withSession(log.database.adminUrl, async (holder) => {
      // The paused one has read its batch and folded it, and comes to a halt where it sets its checkpoint.
      await holder.query('begin');
      await holder.query(`select from events.checkpoints where track = 'live' and bucket = 45 for update`);
      const paused = fold().then(
        () => 'committed',
        (error: unknown) => error,
      );
      await eventually(async () => expect(await sessionsWaitingForLocks(log.database)).toHaveLength(1));
      await holder.query(`update events.checkpoints set position = 2 where track = 'live' and bucket = 45`);
      await holder.query('commit');
      expect(await paused).toBeInstanceOf(FencedError);
    });
    const own = ((await log.rows()).sums as { id: number }[]).filter(({ id }) => id === organization!.organizationId);
    expect(own).toEqual([]);
  });

  it('that runs twice at once counts every event once', async () => {
    const organizations = await addOrganizations(log.database, [46, 46, 47]);
    const other = await shard.pool.connect();
    await other.query(createBatchTable);
    const written = new Map<number, readonly Entry[]>();
    for (let round = 0; round < 10; round++) {
      for (const organization of organizations) {
        await log.write(organization, [round, `n${round}`]);
        written.set(organization.organizationId, [
          ...(written.get(organization.organizationId) ?? []),
          round,
          `n${round}`,
        ]);
      }
      const outcomes = await Promise.allSettled([fold(), foldBy(other)]);
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    }
    await foldAll();
    const ids = new Set(written.keys());
    const rows = Object.entries(await log.rows()) as [string, { id: number }[]][];
    const own = Object.fromEntries(rows.map(([table, all]) => [table, all.filter(({ id }) => ids.has(id))]));
    expect(own).toEqual(expectedRows(written));
    other.release();
  });

  it('that fails leaves rows and checkpoints as they were, and can be run again on the same connection', async () => {
    const [organization] = await addOrganizations(log.database, [48]);
    await log.write(organization!, [3, 4]);
    // A failure of the server, not of the event: full disks pass.
    await log.asAdmin(
      `create function tally.fail() returns trigger language plpgsql as $$ begin raise 'the disk is full' using errcode = '53100'; end $$;
       create trigger fails before insert on tally.counts execute function tally.fail()`,
    );
    await expect(fold()).rejects.toThrow('the disk is full');
    expect(await checkpoint(48)).toBe(0);
    await log.asAdmin('drop trigger fails on tally.counts');
    await foldAll();
    const own = ((await log.rows()).sums as { id: number }[]).filter(({ id }) => id === organization!.organizationId);
    expect(own).toEqual([{ id: organization!.organizationId, events: 2, total: 7 }]);
  });
});
