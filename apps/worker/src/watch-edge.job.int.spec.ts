import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Shard, Shards } from '@innkeep/platform/database';
import { EdgeState, type PurgeProvider, WatchedEdgeLimits, breakerAt } from '@innkeep/platform/edge';
import { createLogger } from '@innkeep/platform/telemetry';
import { type TestDatabase, createTestDatabase, eventually } from '@innkeep/testing';
import { Pool } from 'pg';
import { EdgeWatch } from './watch-edge.job';

const MINUTE = 60_000;

describe('the watch at the edge', () => {
  let database: TestDatabase;
  let shards: Shards;
  let pool: Pool;
  let readers: Pool;
  let watch: EdgeWatch;
  let server: Server;
  let edgeUrl: string;
  const limits = new WatchedEdgeLimits();
  let emptied = 0;
  let ahead = 0;
  /** What the edge answers to whom. */
  let answer: (key: string | undefined) => { status: number; body: string };

  const provider: PurgeProvider = {
    ...{ name: 'fastly', batchSize: 1, largestBatch: 1, purge: async (tags) => tags },
    purgeEverything: async () => void emptied++,
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 1, applicationName: 'watch-under-test' })]);
    pool = new Pool({ connectionString: url, max: 2 });
    readers = new Pool({ connectionString: database.urlFor('api'), max: 1 });
    const edge = new EdgeState(pool, (now) => now + ahead);
    watch = new EdgeWatch({ shards, edge, providers: [provider], logger: createLogger('worker', 'silent') });
    await limits.watch(new EdgeState(readers));
    server = createServer((request, response) => {
      const { status, body } = answer(request.headers.authorization?.replace('Bearer ', ''));
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    edgeUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => database.asAdmin('truncate edge.purge_asks, edge.families, edge.family_changes, edge.providers'));
  afterAll(async () => {
    limits.stop();
    server.closeAllConnections();
    server.close();
    await Promise.all([shards.close(), pool.end(), readers.end()]);
    await database.drop();
  });

  const seconds = async (...families: string[]) => {
    await limits.refresh();
    return families.map((family) => limits.secondsFor(family));
  };
  const changes = () =>
    database.asAdmin<{ family: string; step_after: string; made_by: string }>(
      `select family, step_after, made_by from edge.family_changes where family = 'finance' order by id`,
    );

  it('takes lifetime away while purges are late, and gives it back by steps', async () => {
    expect(await seconds('finance', 'properties')).toEqual([Infinity, Infinity]);
    await database.asAdmin(
      `insert into edge.purge_asks (bucket, organization_id, provider, tag, due_at, asked_at)
       values (1, 7, 'fastly', 'org:7', now() + interval '1 hour', now() - interval '1 minute')`,
    );
    await watch.look();
    expect(await seconds('finance', 'properties')).toEqual([0, 30]);
    await database.asAdmin('truncate edge.purge_asks');
    for (const [minutes, finance] of [
      [4, 0],
      [2, 30],
      [121, 120],
      [241, Infinity],
    ] as const) {
      ahead += minutes * MINUTE;
      await watch.look();
      expect([minutes, ...(await seconds('finance'))]).toEqual([minutes, finance]);
    }
    expect((await changes()).map(({ step_after }) => step_after)).toEqual(['off', 'short', 'medium', 'baseline']);
    expect(new Set((await changes()).map(({ made_by }) => made_by))).toEqual(new Set(['worker']));
  });

  it('lets nothing be kept for long where the edge answers with errors', async () => {
    answer = () => ({ status: 503, body: '' });
    const settings = { edgeUrl, ownKey: 'own', otherKey: 'other', paths: ['/a', '/b', '/c', '/d', '/e'] };
    await watch.probe(settings);
    await watch.look();
    expect(await seconds('finance', 'properties')).toEqual([30, 30]);
  });

  it('ends all keeping and empties the edge when somebody was given what is not his, until somebody says otherwise', async () => {
    const settings = { edgeUrl, ownKey: 'own', otherKey: 'other', paths: ['/v1/properties'] };
    answer = (key) => (key === 'own' ? { status: 200, body: 'cnry_of_the_first' } : { status: 404, body: '{}' });
    await watch.probe(settings);
    expect([await changes(), emptied]).toEqual([[], 0]);
    answer = (key) => ({ status: key ? 200 : 401, body: key ? 'cnry_of_the_first' : '{}' });
    await watch.probe(settings);
    expect([...(await seconds('finance', 'properties')), emptied]).toEqual([0, 0, 1]);
    const { states, now } = await new EdgeState(readers).providers.all();
    expect(breakerAt(states.get('fastly')!.breaker, now).state).toBe('open');
    ahead += 600 * MINUTE;
    await watch.look();
    expect(await seconds('finance')).toEqual([0]);
  });

  it('is read by itself, and what was read last holds while it cannot be', async () => {
    await database.asAdmin(
      `insert into edge.families (name, state, revision) values ('finance', '{"step":"short"}', 1)`,
    );
    await eventually(() => expect(limits.secondsFor('finance')).toBe(30));
    const broken = new WatchedEdgeLimits();
    const gone = new Pool({ connectionString: database.urlFor('api') });
    await broken.watch(new EdgeState(gone));
    broken.stop();
    await gone.end();
    await expect(broken.refresh()).rejects.toThrow();
    expect(broken.secondsFor('finance')).toBe(30);
  });
});
