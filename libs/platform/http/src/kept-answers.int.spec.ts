import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { AnswerCache, AnswerTiers } from '@innkeep/platform/cache';
import { Shard, Shards } from '@innkeep/platform/database';
import { EdgeHeaders } from '@innkeep/platform/edge';
import { RequestMetrics, createLogger } from '@innkeep/platform/telemetry';
import { type TestDatabase, createTestDatabase, eventually, ownerOf } from '@innkeep/testing';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { AccessTokens, partitionOf } from './access-tokens';
import { Answers } from './answers';
import { keptAnswer } from './kept-answer';
import { ApiKeys } from './api-keys';
import { Revocations } from './revocations';
import { createServer } from './server';

describe('answers from memory', () => {
  let database: TestDatabase;
  let shards: Shards;
  let tokens: AccessTokens;
  const endings: (() => unknown)[] = [];
  const principal = { ...ownerOf(1), sessionId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11' };

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('api');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'kept-answers' })]);
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    tokens = await AccessTokens.fromJson(JSON.stringify([key]));
  });
  afterAll(async () => {
    for (const end of endings) await end();
    await shards.close();
    await database.drop();
  });

  /** A server that keeps one answer, at /kept, and knows no routes at all. */
  async function serve(revocations: Revocations): Promise<(token: string) => Promise<Response>> {
    const cache = new AnswerCache({ maxBytes: 10_000, maxAgeMs: 600_000 });
    const edge = new EdgeHeaders(['log']);
    const told = { body: Buffer.from('{}'), etag: '"1"', headers: {}, position: 1, tags: [], family: 'finance' };
    const answer = keptAnswer(edge, { ...told, route: '/kept' });
    const tiers = new AnswerTiers(cache, undefined, (one) => keptAnswer(edge, one));
    const answers = new Answers(tiers, edge);
    cache.store(`${partitionOf(principal)} /kept`, answer, cache.begin());
    const logger = createLogger('test', 'silent');
    const metrics = new RequestMetrics(new Registry());
    const adapter = createServer({ logger, tiers, answers, metrics, tokens, revocations, apiKeys: new ApiKeys() });
    await adapter.listen(0, '127.0.0.1');
    endings.push(
      () => adapter.close(),
      () => revocations.stop(),
    );
    const server = adapter.getInstance() as unknown as FastifyInstance;
    const { port } = server.server.address() as AddressInfo;
    return (token) => fetch(`http://127.0.0.1:${port}/kept`, { headers: { authorization: `Bearer ${token}` } });
  }

  it('are given to a caller who is remembered, while revocations are read', async () => {
    const revocations = new Revocations();
    revocations.follow(shards);
    const get = await serve(revocations);
    const token = await tokens.issue(principal);
    expect((await get(token)).status).toBe(404);
    await tokens.verify(token);
    await eventually(async () => {
      const answer = await get(token);
      expect([answer.status, answer.headers.get('cache-status')]).toEqual([200, 'innkeep-memory; hit']);
    });
  });

  it('are not given while nobody knows what was revoked', async () => {
    const get = await serve(new Revocations());
    const token = await tokens.issue(principal);
    await tokens.verify(token);
    expect((await get(token)).status).toBe(404);
  });
});
