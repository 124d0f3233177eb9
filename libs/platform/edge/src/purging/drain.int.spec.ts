import { type RecordedEvent, type Tag, tags } from '@innkeep/contracts';
import { type TestDatabase, closedGate, createTestDatabase } from '@innkeep/testing';
import { Pool } from 'pg';
import { asksOf, askPurges } from './asks';
import { drainPurges as drain, hasOverduePurges } from './drain';
import { PurgeGate, type ProviderState, newProviderState } from './gate';
import { NotedPurges } from './noted-purges-under-test';
import { type PurgeProvider, PurgeRefused } from './provider';
import { SharedState } from './shared-state';

interface AskRow {
  readonly tag: string;
  readonly generation: number;
  readonly repeats: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly isDue: boolean;
  readonly seconds: number;
}

describe('purges', () => {
  let database: TestDatabase;
  let projector: Pool;
  let worker: Pool;
  let cdn: NotedPurges;
  beforeAll(async () => {
    database = await createTestDatabase();
    projector = new Pool({ connectionString: database.urlFor('projector'), max: 2 });
    worker = new Pool({ connectionString: database.urlFor('worker'), max: 3 });
  });
  beforeEach(async () => {
    await database.asAdmin('truncate edge.purge_asks, edge.purge_receipts, edge.providers');
    cdn = new NotedPurges();
  });
  afterAll(async () => {
    await Promise.all([projector.end(), worker.end()]);
    await database.drop();
  });

  const ask = (asked: readonly string[], organizationId = 1, provider = 'noted') => {
    const { text, values } = askPurges(
      [provider],
      asked.map((tag) => ({ bucket: 5, organizationId, tag })),
    ).compile();
    return projector.query(text, values);
  };
  const gateOf = (provider: PurgeProvider) =>
    new PurgeGate(new SharedState<ProviderState>(worker, 'edge.providers', newProviderState), provider);
  const drainPurges = async (pool: Pool, provider: PurgeProvider) =>
    (await drain(pool, provider, gateOf(provider))).purged;
  const rows = () =>
    database.asAdmin<AskRow>(
      `select tag, generation::int, repeats_left::int as repeats, attempts, last_error as error, due_at <= clock_timestamp() as "isDue",
         extract(epoch from due_at - clock_timestamp())::float8 as seconds from edge.purge_asks order by organization_id, tag`,
    );
  /** Instead of waiting: what was to be done later is to be done now. */
  const letTimePass = () =>
    database.asAdmin(`update edge.purge_asks set due_at = clock_timestamp() - interval '1 second'`);

  it('are asked for once for each tag, however many events changed it', () => {
    const event = (organizationId: number, version: number): RecordedEvent => ({
      bucket: 3,
      organizationId,
      version,
      position: version,
      recordedAt: new Date(),
      type: 'Changed',
      schemaVersion: 1,
      data: {},
    });
    const changed = (happened: RecordedEvent): Tag[] => [tags.organization(happened.organizationId), tags.property(9)];
    expect(asksOf([event(1, 1), event(1, 2), event(2, 1)], changed)).toMatchObject([
      { bucket: 3, organizationId: 1, tag: 'org:1' },
      { bucket: 3, organizationId: 1, tag: 'property:9' },
      { bucket: 3, organizationId: 2, tag: 'org:2' },
      { bucket: 3, organizationId: 2, tag: 'property:9' },
    ]);
  });

  it('wait a little, so that several changes of a page cost one', async () => {
    await ask(['a']);
    expect(await drainPurges(worker, cdn)).toBe(0);
    expect(await rows()).toMatchObject([{ tag: 'a', generation: 1, isDue: false }]);
  });

  it('are not put off by further changes', async () => {
    await ask(['a']);
    await database.asAdmin(`update edge.purge_asks set due_at = clock_timestamp() + interval '10 milliseconds'`);
    const before = await database.asAdmin('select due_at from edge.purge_asks');
    await ask(['a']);
    expect(await database.asAdmin('select due_at from edge.purge_asks')).toEqual(before);
    expect(await rows()).toMatchObject([{ generation: 1 }]);
  });

  it('of all organizations go out together, the oldest first, in batches of what the provider takes', async () => {
    cdn = new NotedPurges(2);
    for (const [index, tag] of ['c', 'a', 'b'].entries()) {
      await ask([tag], index + 1);
      await database.asAdmin(`update edge.purge_asks set due_at = clock_timestamp() - $2::interval where tag = $1`, [
        tag,
        `${60 - index} seconds`,
      ]);
    }
    expect(await drainPurges(worker, cdn)).toBe(3);
    expect(cdn.batches).toEqual([['a', 'c'], ['b']]);
  });

  it('are told a provider once when two organizations asked for the same tag', async () => {
    await ask(['shared'], 1);
    await ask(['shared'], 2);
    await letTimePass();
    expect(await drainPurges(worker, cdn)).toBe(2);
    expect(cdn.batches).toEqual([['shared']]);
  });

  it('are repeated once after the deadline of what was being read meanwhile, and are forgotten then', async () => {
    await ask(['a']);
    await letTimePass();
    await drainPurges(worker, cdn);
    expect(await rows()).toMatchObject([{ tag: 'a', repeats: 0, isDue: false, attempts: 0 }]);
    expect(await drainPurges(worker, cdn)).toBe(0);
    await letTimePass();
    await drainPurges(worker, cdn);
    expect(cdn.batches).toEqual([['a'], ['a']]);
    expect(await rows()).toEqual([]);
  });

  it('asked for again while one is being sent are not taken for done when it is confirmed', async () => {
    const sending = closedGate();
    const sent = closedGate();
    cdn.behaviour = async () => {
      sending.open();
      await sent.passed;
    };
    await ask(['a', 'b']);
    await letTimePass();
    const draining = drainPurges(worker, cdn);
    await sending.passed;
    await ask(['a']);
    sent.open();
    await draining;
    expect(await rows()).toMatchObject([
      { tag: 'a', generation: 2, repeats: 1 },
      { tag: 'b', generation: 1, repeats: 0 },
    ]);
    // The new ask is due as soon as any new one, not when the claim of the old one would have ended.
    expect((await rows())[0]!.seconds).toBeLessThan(2);
  });

  it('asked for again while the last repetition is being sent start anew', async () => {
    await ask(['a']);
    await letTimePass();
    await drainPurges(worker, cdn);
    await letTimePass();
    cdn.behaviour = async () => void (await ask(['a']));
    await drainPurges(worker, cdn);
    expect(await rows()).toMatchObject([{ tag: 'a', generation: 2, repeats: 1 }]);
  });

  it('that a provider refuses are sent again after a pause', async () => {
    cdn.behaviour = () => Promise.reject(new Error('come back later'));
    await ask(['a']);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      await letTimePass();
      await expect(drainPurges(worker, cdn)).rejects.toThrow('come back later');
      const [row] = await rows();
      expect(row).toMatchObject({ attempts: attempt + 1, repeats: 1, error: 'come back later', isDue: false });
      pauses.push(row!.seconds);
    }
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
    await letTimePass();
    cdn.behaviour = async () => undefined;
    await drainPurges(worker, cdn);
    expect(await rows()).toMatchObject([{ attempts: 0, error: null, repeats: 0 }]);
  });

  it('that a provider carried out in part are confirmed in part', async () => {
    cdn.behaviour = async (sent) => sent.filter((tag) => tag !== 'b');
    await ask(['a', 'b', 'c']);
    await letTimePass();
    expect(await drainPurges(worker, cdn)).toBe(2);
    expect(await rows()).toMatchObject([
      { tag: 'a', repeats: 0, error: null },
      { tag: 'b', repeats: 1, attempts: 1, error: 'not among what was purged' },
      { tag: 'c', repeats: 0 },
    ]);
  });

  it('that a provider refuses again and again are tried by what covers them', async () => {
    cdn.behaviour = async (sent) => sent.filter((tag) => tag !== 'b');
    await ask(['a', 'b'], 7);
    for (let attempt = 0; attempt < 4; attempt++) {
      await letTimePass();
      await drainPurges(worker, cdn);
    }
    expect(cdn.batches.at(-1)).toEqual(['org:7']);
    expect(await rows()).toMatchObject([{ tag: 'org:7', repeats: 0 }]);
  });

  it('wait for as long as the provider wants to be left alone, and none of them counts as tried', async () => {
    cdn.behaviour = () => Promise.reject(new PurgeRefused('slow down', 'throttled', 60));
    await ask(['a']);
    await letTimePass();
    await expect(drainPurges(worker, cdn)).rejects.toThrow('slow down');
    cdn.behaviour = async () => undefined;
    expect(await rows()).toMatchObject([{ attempts: 0, isDue: true }]);
    const { waitMs } = await drain(worker, cdn, gateOf(cdn));
    expect([cdn.batches.length, waitMs > 50_000]).toEqual([1, true]);
    await database.asAdmin(`update edge.providers set state = state || '{"pausedUntil": 0}'`);
    expect(await drainPurges(worker, cdn)).toBe(1);
  });

  it('of all workers together stay within the quota', async () => {
    cdn = new NotedPurges(1, 1, { perSecond: 0.001, burst: 10, counts: 'requests' });
    await ask(Array.from({ length: 20 }, (_, n) => `t${n}`));
    await letTimePass();
    const drains = await Promise.all([drain(worker, cdn, gateOf(cdn)), drain(worker, cdn, gateOf(cdn))]);
    expect(cdn.batches).toHaveLength(9);
    expect(drains.every(({ waitMs }) => waitMs > 0)).toBe(true);
  });

  it('are sent in larger batches when more than a minute’s worth is waiting', async () => {
    cdn = new NotedPurges(2, 20, { perSecond: 0.1, burst: 10, counts: 'requests' });
    await ask(Array.from({ length: 25 }, (_, n) => `t${n}`));
    await letTimePass();
    await drainPurges(worker, cdn);
    expect(cdn.batches.map(({ length }) => length)).toEqual([20, 2, 2, 1]);
  });

  it('become one for the property where a property has many, and one for the organization where that has', async () => {
    const asked = (propertyId: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        bucket: 5,
        organizationId: 9,
        tag: `item:${propertyId}:${n}`,
        propertyId,
      }));
    const write = async (asks: ReturnType<typeof asked>) => {
      const { text, values } = askPurges(['noted'], asks).compile();
      await projector.query(text, values);
    };
    await write([...asked(1, 31), ...asked(2, 30)]);
    await letTimePass();
    await drainPurges(worker, cdn);
    expect(cdn.batches.flat()).toHaveLength(31);
    expect(cdn.batches.flat()).toContain('property:1');
    cdn.batches.splice(0);
    await write(Array.from({ length: 4 }, (_, property) => asked(10 + property, 25)).flat());
    await letTimePass();
    await drainPurges(worker, cdn);
    expect(cdn.batches).toEqual([['org:9']]);
  });

  it('leave receipts: whose tags, why, when, and whether it was the repetition', async () => {
    const recordedAt = new Date(Date.now() - 2_000);
    const cause = { type: 'TransactionApproved', version: 12, recordedAt: recordedAt.toISOString() };
    const asks = [
      { bucket: 5, organizationId: 1, tag: 'a', cause },
      {
        bucket: 5,
        organizationId: 1,
        tag: 'b',
        cause: { ...cause, version: 13, recordedAt: new Date().toISOString() },
      },
      { bucket: 6, organizationId: 2, tag: 'a', cause },
    ];
    const { text, values } = askPurges(['noted'], asks).compile();
    await projector.query(text, values);
    for (let time = 0; time < 2; time++) {
      await letTimePass();
      await drainPurges(worker, cdn);
    }
    const receipts = await database.asAdmin(
      `select organization_id::int as organization, tags, is_repetition, attempts, cause_type, cause_version::int, caused_at, provider
       from edge.purge_receipts order by is_repetition, organization_id`,
    );
    const first = {
      attempts: 1,
      cause_type: 'TransactionApproved',
      cause_version: 12,
      caused_at: recordedAt,
      provider: 'noted',
    };
    expect(receipts.map((row) => ({ ...row, tags: [...(row.tags as string[])].sort() }))).toEqual([
      { ...first, organization: 1, tags: ['a', 'b'], is_repetition: false },
      { ...first, organization: 2, tags: ['a'], is_repetition: false },
      { ...first, organization: 1, tags: ['a', 'b'], is_repetition: true },
      { ...first, organization: 2, tags: ['a'], is_repetition: true },
    ]);
    expect(await database.asAdmin('select count(distinct batch)::int as batches from edge.purge_receipts')).toEqual([
      { batches: 2 },
    ]);
  });

  it('taken by a worker that died are taken by another', async () => {
    cdn.behaviour = () => new Promise(() => undefined);
    await ask(['a']);
    await letTimePass();
    void drainPurges(worker, cdn);
    const other = new NotedPurges();
    while (cdn.batches.length === 0) await new Promise(setImmediate);
    expect(await drainPurges(worker, other)).toBe(0);
    await letTimePass();
    expect(await drainPurges(worker, other)).toBe(1);
  });

  it('are shared out between two workers that drain at once', async () => {
    cdn = new NotedPurges(5);
    await ask(Array.from({ length: 40 }, (_, n) => `t${n}`));
    await letTimePass();
    const counts = await Promise.all([drainPurges(worker, cdn), drainPurges(worker, cdn)]);
    expect(counts[0]! + counts[1]!).toBe(40);
    expect(new Set(cdn.batches.flat()).size).toBe(cdn.batches.flat().length);
  });

  it('are each provider’s own', async () => {
    await ask(['a'], 1, 'another');
    await letTimePass();
    expect(await drainPurges(worker, cdn)).toBe(0);
    expect(await hasOverduePurges(worker, cdn)).toBe(false);
    expect(await hasOverduePurges(worker, { ...cdn, name: 'another', purge: async (tags) => tags })).toBe(true);
  });
});
