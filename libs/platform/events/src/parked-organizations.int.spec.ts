import { type Shard, sql } from '@innkeep/platform/database';
import { addOrganizations } from '@innkeep/testing';
import type { PoolClient } from 'pg';
import { createBatchTable } from './batch';
import { type LogUnderTest, openLog, projections, sums } from './log-under-test';
import { ParkedOrganizations } from './parked-organizations';
import type { Projection } from './projection';
import { LIVE_TRACK, foldNextBatch } from './projection-runner';
import { readStatus } from './projection-status';
import { reactToNextBatch, reactToReplays } from './reactor-runner';
import { registerTracks } from './registration';

/** An amount that no bigint holds: what a projection cannot take. */
const POISON = 1.5;
const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);

describe('an event that a projection cannot take', () => {
  let log: LogUnderTest;
  let shard: Shard;
  let client: PoolClient;
  const seen: number[] = [];
  const reactor = {
    name: 'watcher',
    trails: ['sums'],
    events: sums.events,
    react: async (events: readonly { version: number }[]) => void seen.push(...events.map(({ version }) => version)),
  };

  beforeAll(async () => {
    log = await openLog();
    shard = await log.openShard();
    await registerTracks(shard.pool, projections, [reactor]);
    client = await shard.pool.connect();
    await client.query(createBatchTable);
  });
  afterAll(async () => {
    client.release();
    await log.close();
  });

  const fold = (known: readonly Projection[] = projections) =>
    foldNextBatch(client, { track: LIVE_TRACK, projections: known, owned: allBuckets });
  const appliedTo = async (
    projection: string,
    { bucket, organizationId }: { bucket: number; organizationId: number },
  ) => {
    const rows = await log.database.asAdmin<{ applied: string }>(
      `select events.applied_version($1::smallint, $2::bigint, $3, version, position) as applied from events.organization_heads where organization_id = $2`,
      [bucket, organizationId, projection],
    );
    return Number(rows[0]!.applied);
  };
  const totalOf = async (organizationId: number) =>
    (await log.rows()).sums!.find((row) => (row as { id: number }).id === organizationId);

  it('parks its organization in that projection at that event, and nobody else', async () => {
    const organizations = await addOrganizations(log.database, [7, 7, 8, 9, 9]);
    const [sick, ...healthy] = organizations;
    for (const organization of healthy) await log.write(organization, [1, 'a']);
    await log.write(sick!, [10, 'first', POISON, 'second', 20]);
    for (const organization of healthy) await log.write(organization, [2]);

    expect((await fold()).parked).toBe(2);

    const parked = await new ParkedOrganizations(shard.pool, projections).list();
    expect(
      parked.map(({ organizationId, projection, version, type, attempts }) => ({
        organizationId,
        projection,
        version,
        type,
        attempts,
      })),
    ).toEqual(
      expect.arrayContaining(
        ['sums', 'counts'].map((projection) => ({
          organizationId: sick!.organizationId,
          projection,
          version: 3,
          type: 'Counted',
          attempts: 1,
        })),
      ),
    );
    expect(parked).toHaveLength(2);
    const rows = await log.rows();
    for (const { organizationId } of healthy) {
      expect(rows.sums).toContainEqual({ id: organizationId, events: 2, total: 3 });
    }
    // What came before the event is applied, what comes after waits; another projection has gone on.
    expect(rows.sums).toContainEqual({ id: sick!.organizationId, events: 1, total: 10 });
    expect(rows.names).toContainEqual({ id: sick!.organizationId, name: 'second' });
    expect(await appliedTo('sums', sick!)).toBe(2);
    expect(await appliedTo('names', sick!)).toBe(5);
    expect(await appliedTo('sums', healthy[0]!)).toBe(3);
  });

  it('keeps later events of that organization waiting while others go on', async () => {
    const [sick, healthy] = await addOrganizations(log.database, [20, 20]);
    await log.write(sick!, [POISON]);
    await fold();
    await log.write(sick!, [5]);
    await log.write(healthy!, [5]);
    expect((await fold()).parked).toBe(0);
    expect(await totalOf(sick!.organizationId)).toBeUndefined();
    expect(await totalOf(healthy!.organizationId)).toEqual({ id: healthy!.organizationId, events: 1, total: 5 });
    expect((await readStatus(shard.pool)).find(({ name }) => name === 'sums')!.parkedOrganizations).toBeGreaterThan(0);
  });

  it('is folded in its turn when a version that can take it retries, and reactors see what they have missed', async () => {
    const [sick] = await addOrganizations(log.database, [30]);
    await log.write(sick!, [1, POISON, 3]);
    await fold();
    while ((await reactToNextBatch(client, reactor, allBuckets)) > 0);
    seen.length = 0;
    await log.write(sick!, [4]);
    await fold();
    while ((await reactToNextBatch(client, reactor, allBuckets)) > 0);
    expect(seen).toEqual([]);

    const parked = new ParkedOrganizations(shard.pool, projections);
    expect(await parked.retry('sums', sick!.organizationId)).toBe(false);
    expect(
      (await parked.list('sums')).find(({ organizationId }) => organizationId === sick!.organizationId),
    ).toMatchObject({ attempts: 2, version: 2 });

    const mended: Projection = {
      ...sums,
      fold: (batch, table) => sql`
        insert into ${table} as s select bucket, organization_id, count(*), sum(round((data->>'amount')::numeric)) from ${batch} e where type = 'Counted'
        group by 1, 2 on conflict (bucket, organization_id) do update set events = s.events + excluded.events, total = s.total + excluded.total`,
    };
    expect(await new ParkedOrganizations(shard.pool, [mended]).retry('sums', sick!.organizationId)).toBe(true);
    expect(await totalOf(sick!.organizationId)).toMatchObject({ events: 4 });
    expect(await appliedTo('sums', sick!)).toBe(4);
    await reactToReplays(client, reactor, allBuckets);
    expect(seen).toEqual([2, 3, 4]);
  });

  it('is left out for ever when it is skipped with a reason', async () => {
    const [sick] = await addOrganizations(log.database, [31]);
    await log.write(sick!, [1, POISON, 3]);
    await fold();
    const parked = new ParkedOrganizations(shard.pool, projections);
    expect(await parked.show('sums', sick!.organizationId)).toMatchObject({
      version: 2,
      type: 'Counted',
      data: { amount: POISON },
    });
    expect(await parked.skip('sums', sick!.organizationId, 'a test of the till')).toBe(true);
    expect(await totalOf(sick!.organizationId)).toEqual({ id: sick!.organizationId, events: 2, total: 4 });
    await log.write(sick!, [5]);
    await fold();
    expect(await totalOf(sick!.organizationId)).toEqual({ id: sick!.organizationId, events: 3, total: 9 });
  });

  it('does not park anybody for a failure that ends by itself', async () => {
    const [organization] = await addOrganizations(log.database, [40]);
    await log.write(organization!, [1]);
    const other = await log.openShard('interrupted');
    const session = await other.pool.connect();
    session.on('error', () => undefined);
    await session.query(createBatchTable);
    const before = await new ParkedOrganizations(shard.pool, projections).list();
    const interrupted: Projection = {
      ...sums,
      fold: () => sql`select pg_terminate_backend(pg_backend_pid())`,
    };
    const known = projections.map((one) => (one.name === 'sums' ? interrupted : one));
    await expect(
      foldNextBatch(session, { track: LIVE_TRACK, projections: known, owned: allBuckets }),
    ).rejects.toThrow();
    session.release(true);
    await fold();
    expect(await new ParkedOrganizations(shard.pool, projections).list()).toEqual(before);
    expect(await totalOf(organization!.organizationId)).toEqual({
      id: organization!.organizationId,
      events: 1,
      total: 1,
    });
  });
});
