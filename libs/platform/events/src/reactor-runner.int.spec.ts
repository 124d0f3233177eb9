import type { RecordedEvent } from '@innkeep/contracts';
import type { Shard } from '@innkeep/platform/database';
import { addOrganizations, type TestOrganization } from '@innkeep/testing';
import type { PoolClient } from 'pg';
import { createBatchTable } from './batch';
import { Counted, type LogUnderTest, Renamed, names, openLog, projections, sums } from './log-under-test';
import { ParkedOrganizations } from './parked-organizations';
import type { Projection } from './projection';
import { ProjectionOperations } from './projection-operations';
import { LIVE_TRACK, foldNextBatch } from './projection-runner';
import { type Reactor, defineReactor } from './reactor';
import { reactToNextBatch, reactToReplays, reactTogether, reactorTrack } from './reactor-runner';
import { registerTracks } from './registration';

const POISON = 1.5;
const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);

/** A reactor that remembers what it was shown. */
const watcher = (name: string, trails: readonly string[]) => {
  const seen: RecordedEvent[] = [];
  const reactor = defineReactor({
    name,
    trails,
    events: [Counted, Renamed],
    react: async (events) => void seen.push(...events),
  });
  return { reactor, seen };
};

describe('a reactor and the projections it trails', () => {
  let log: LogUnderTest;
  let shard: Shard;
  let client: PoolClient;
  let operations: ProjectionOperations;

  const ofSums = watcher('of-sums', ['sums']);
  const ofNames = watcher('of-names', ['names']);
  const ofBoth = watcher('of-both', ['sums', 'counts']);
  const ofNone = watcher('of-none', []);
  const all = [ofSums, ofNames, ofBoth, ofNone];

  beforeAll(async () => {
    log = await openLog();
    shard = await log.openShard();
    await registerTracks(
      shard.pool,
      projections,
      all.map(({ reactor }) => reactor),
    );
    client = await shard.pool.connect();
    await client.query(createBatchTable);
    operations = new ProjectionOperations(shard.pool, projections);
  });
  afterEach(() => all.forEach(({ seen }) => seen.splice(0)));
  afterAll(async () => {
    client.release();
    await log.close();
  });

  const fold = async (known: readonly Projection[] = projections) => {
    while ((await foldNextBatch(client, { track: LIVE_TRACK, projections: known, owned: allBuckets })).events > 0);
  };
  const react = async () => {
    for (const { reactor } of all) {
      while ((await reactToNextBatch(client, reactor, allBuckets)) > 0);
      await reactToReplays(client, reactor, allBuckets);
    }
  };
  const versions = ({ seen }: (typeof all)[number], { organizationId }: TestOrganization) =>
    seen.filter((event) => event.organizationId === organizationId).map(({ version }) => version);

  it('is not shown an organization that one of them holds parked, and is shown one that only others do', async () => {
    const [sick, healthy] = await addOrganizations(log.database, [7, 7]);
    await log.write(sick!, [1, POISON, 'a name']);
    await log.write(healthy!, [2]);
    await fold();
    await react();
    // Sums and counts cannot take the second event; names takes all.
    expect(versions(ofSums, sick!)).toEqual([1]);
    expect(versions(ofBoth, sick!)).toEqual([1]);
    expect(versions(ofNames, sick!)).toEqual([1, 2, 3]);
    expect(versions(ofNone, sick!)).toEqual([1, 2, 3]);
    for (const one of all) expect(versions(one, healthy!)).toEqual([1]);
  });

  it('sees what it has missed when the last of them has taken it; the others are not shown it again', async () => {
    const [sick] = await addOrganizations(log.database, [8]);
    await log.write(sick!, [POISON, 2]);
    await fold();
    await react();
    all.forEach(({ seen }) => seen.splice(0));

    const parked = new ParkedOrganizations(shard.pool, projections);
    expect(await parked.skip('sums', sick!.organizationId, 'a test')).toBe(true);
    await react();
    expect(versions(ofSums, sick!)).toEqual([1, 2]);
    expect(versions(ofBoth, sick!)).toEqual([]);
    expect(await parked.skip('counts', sick!.organizationId, 'a test')).toBe(true);
    await react();
    expect(versions(ofBoth, sick!)).toEqual([1, 2]);
    expect(versions(ofSums, sick!)).toEqual([1, 2]);
    expect([...ofNames.seen, ...ofNone.seen]).toEqual([]);
  });

  it('waits while one of them is paused, and goes on when it is back', async () => {
    const [organization] = await addOrganizations(log.database, [9]);
    await operations.pause('names');
    await log.write(organization!, ['a name', 1]);
    await fold();
    await react();
    expect(versions(ofNames, organization!)).toEqual([]);
    expect(versions(ofSums, organization!)).toEqual([1, 2]);
    expect(versions(ofNone, organization!)).toEqual([1, 2]);
    await operations.resume('names');
    await react();
    expect(versions(ofNames, organization!)).toEqual([1, 2]);
  });

  it('shares the read with others where they stand at the same place, and is not moved where they do not', async () => {
    const [first, second] = await addOrganizations(log.database, [10, 11]);
    const company = [ofNone.reactor, { ...ofNames.reactor, trails: [] }];
    await log.write(first!, [1]);
    await log.write(second!, [2]);
    await fold();
    expect(await reactToNextBatch(client, ofNone.reactor, [11])).toBe(1);
    expect(await reactTogether(client, company, allBuckets)).toEqual({ events: 1, buckets: [10] });
    for (const one of [ofNone, ofNames]) expect(versions(one, first!)).toEqual([1]);
    expect(versions(ofNames, second!)).toEqual([]);
    expect(await reactTogether(client, company, allBuckets)).toEqual({ events: 0, buckets: [] });
    expect(await reactToNextBatch(client, ofNames.reactor, allBuckets)).toBe(1);
    await log.write(second!, [3]);
    await fold();
    expect(await reactTogether(client, company, allBuckets)).toEqual({ events: 1, buckets: [11] });
    for (const one of [ofNone, ofNames]) expect(versions(one, second!)).toEqual([1, 2]);
  });

  it('has done nothing when one it shares the read with could not do its part', async () => {
    const [organization] = await addOrganizations(log.database, [12]);
    const broken = defineReactor({
      ...ofNames.reactor,
      trails: [],
      react: () => Promise.reject(new Error('not today')),
    });
    await log.write(organization!, [1]);
    await fold();
    await expect(reactTogether(client, [ofNone.reactor, broken], allBuckets)).rejects.toThrow('not today');
    expect(await reactToNextBatch(client, ofNone.reactor, allBuckets)).toBe(1);
  });

  it('fails the boot when it trails what is no projection', async () => {
    const lost: Reactor = watcher('lost', [names.name, 'summs']).reactor;
    await expect(registerTracks(shard.pool, projections, [lost])).rejects.toThrow(
      'the reactor lost trails summs, which is no projection',
    );
    const rows = await log.asAdmin('select from events.checkpoints where track = $1', [reactorTrack(lost)]);
    expect(rows).toEqual([]);
  });

  it('is known by what it trails, until the code has it no more', async () => {
    const known = () => log.asAdmin<{ track: string; trails: string[] }>('select * from events.reactors order by 1');
    expect(await known()).toEqual([
      { track: 'reactor:of-both', trails: ['sums', 'counts'] },
      { track: 'reactor:of-names', trails: ['names'] },
      { track: 'reactor:of-none', trails: [] },
      { track: 'reactor:of-sums', trails: ['sums'] },
    ]);
    await registerTracks(shard.pool, projections, [{ ...ofSums.reactor, trails: [sums.name, names.name] }]);
    expect(await known()).toEqual([{ track: 'reactor:of-sums', trails: ['sums', 'names'] }]);
  });
});
