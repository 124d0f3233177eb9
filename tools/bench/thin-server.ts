import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Pool, types } from 'pg';
import type { BenchOrganization } from './seed-organizations';
import { type ThinExpense, recordThinly } from './thin-record-expense';
import type { Statement } from './thin-statements';

/**
 * The least that does the same work, as a process of its own: Fastify, pg, ioredis, an LRU. It trusts its caller: no token, no
 * rate limit, no schema, no log, no metrics. What the product is slower by is what those cost.
 */

export interface ThinOrder {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly poolSize: number;
  readonly organizations: readonly BenchOrganization[];
  readonly reports: readonly Statement[];
  readonly lists: readonly Statement[];
  /** The product's own answers to the monthly report, for the lookups. */
  readonly answers: readonly KeptAnswer[];
}

export interface KeptAnswer {
  readonly body: string;
  readonly etag: string;
}

type Indexed = { Params: { index: string } };

const sendJson = (reply: FastifyReply, body: string | Buffer) =>
  reply.type('application/json; charset=utf-8').send(body);

/** Answers from memory or from Redis, and 304 from memory. */
async function serveLookups(server: FastifyInstance, redisUrl: string, answers: readonly KeptAnswer[]): Promise<void> {
  const lru = new LRUCache<string, { body: Buffer; etag: string }>({ max: 10_000 });
  const redis = new Redis(redisUrl);
  for (const [index, { body, etag }] of answers.entries()) {
    lru.set(`/lru/${index}`, { body: Buffer.from(body), etag });
    await redis.set(`bench:/redis/${index}`, body);
  }
  server.get('/lru/:index', (request, reply) => {
    const { body, etag } = lru.get(request.url)!;
    reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return sendJson(reply, body);
  });
  server.get('/redis/:index', async (request, reply) => sendJson(reply, (await redis.get(`bench:${request.url}`))!));
}

/**
 * One read in one round trip, with row-level security; JSON is sent as the database wrote it. With a `name` the statement is planned
 * once for each connection.
 */
async function readThinly<Row>(pool: Pool, organizationId: number, statement: Statement, name?: string): Promise<Row> {
  const client = await pool.connect();
  try {
    const [, , { rows }] = await Promise.all([
      client.query('begin read only'),
      client.query("select set_config('app.organization_id', $1, true)", [String(organizationId)]),
      client.query({ name, text: statement.text, values: [...statement.values] }),
      client.query('commit'),
    ]);
    return rows[0] as Row;
  } finally {
    client.release();
  }
}

/** The database's routes; under a `prefix` with statements that are planned once. */
function serveDatabase(
  server: FastifyInstance,
  pool: Pool,
  { organizations, reports, lists }: ThinOrder,
  prefix: '' | '/prepared',
): void {
  const named = (name: string) => (prefix ? name : undefined);
  server.get<Indexed>(`${prefix}/report/:index`, async ({ params: { index } }, reply) => {
    const { organizationId } = organizations[Number(index)]!;
    const report = reports[Number(index)]!;
    const { body } = await readThinly<{ body: string }>(pool, organizationId, report, named('report'));
    return sendJson(reply, body);
  });
  server.get<Indexed>(`${prefix}/list/:index`, async ({ params: { index } }, reply) => {
    const { organizationId } = organizations[Number(index)]!;
    const { data } = await readThinly<{ data: string }>(pool, organizationId, lists[Number(index)]!, named('list'));
    return sendJson(reply, `{"data":${data}}`);
  });
  server.post<Indexed & { Body: ThinExpense }>(
    `${prefix}/expenses/:index`,
    async ({ params, headers, body }, reply) => {
      const organization = organizations[Number(params.index)]!;
      const recorded = await recordThinly(
        pool,
        organization,
        String(headers['idempotency-key']),
        body,
        named('record'),
      );
      return sendJson(reply.code(201).header('innkeep-position', recorded.version), recorded.body);
    },
  );
}

async function serve(order: ThinOrder): Promise<void> {
  for (const oid of [types.builtins.JSON, types.builtins.JSONB]) types.setTypeParser(oid, (text) => text);
  const pool = new Pool({ connectionString: order.databaseUrl, max: order.poolSize, pipeline: true });
  const server = fastify();
  await serveLookups(server, order.redisUrl, order.answers);
  serveDatabase(server, pool, order, '');
  serveDatabase(server, pool, order, '/prepared');
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  process.send!(Number(new URL(url).port));
}

process.once('message', (order: ThinOrder) => {
  serve(order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
