import { createHash } from 'node:crypto';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Directory } from '@innkeep/platform/database';
import { type SignInAttempts, operatorAttempts, sendProblem } from '@innkeep/platform/http';
import { QUEUE_PREFIX, queueConnection, queues } from '@innkeep/platform/jobs';
import { decoyHash, hashEmail, verifyPassword } from '@innkeep/platform/security';
import { Queue } from 'bullmq';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

const PATH = '/admin/queues';
const REMEMBERED_MS = 5 * 60_000;

/** The queues for people who look after the system, behind an operator's email and password (HTTP basic). */
export async function serveQueueDashboard(
  server: FastifyInstance,
  redisUrl: string,
  directory: Directory,
  attempts: SignInAttempts,
): Promise<void> {
  const connection = queueConnection(redisUrl);
  const shown = Object.values(queues).map((name) => new Queue(name, { connection, prefix: QUEUE_PREFIX }));
  // A queue whose Redis is away is the dashboard's trouble, not the API's.
  shown.forEach((queue) => queue.on('error', () => undefined));
  const board = new FastifyAdapter();
  createBullBoard({ queues: shown.map((queue) => new BullMQAdapter(queue)), serverAdapter: board });
  board.setBasePath(PATH);
  const isOperator = operatorCheck(directory, attempts);
  await server.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('x-frame-options', 'DENY').header('cache-control', 'no-store');
      const isAdmitted = await isOperator(request).catch((error: unknown) => sendProblem(error, request, reply));
      if (isAdmitted || reply.sent) return;
      await reply
        .code(401)
        .header('www-authenticate', 'Basic realm="innkeep operators", charset="UTF-8"')
        .type('text/plain')
        .send('Sign in as an operator.');
    });
    await scope.register(board.registerPlugin(), { prefix: PATH });
  });
  server.addHook('onClose', async () => {
    await Promise.all(shown.map((queue) => queue.close()));
  });
}

/** Whether a request brings an operator's credentials. What was verified is remembered for minutes: a page is many requests. */
function operatorCheck(directory: Directory, attempts: SignInAttempts): (request: FastifyRequest) => Promise<boolean> {
  const known = new LRUCache<string, true>({ max: 1_000, ttl: REMEMBERED_MS });
  return async (request) => {
    const encoded = /^Basic ([A-Za-z0-9+/=]{4,1000})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!encoded) return false;
    const digest = createHash('sha256').update(encoded).digest('base64');
    if (known.has(digest)) return true;
    const [email, password] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s) as [string, string | undefined];
    const emailHash = hashEmail(email);
    const succeeded = await attempts.begin(operatorAttempts(emailHash), request.ip);
    const operator = await directory.findOperator(emailHash);
    // An unknown operator costs as much as a wrong password.
    const isRight = await verifyPassword(operator?.passwordHash ?? decoyHash, password ?? '');
    if (!operator || !isRight) return false;
    await succeeded();
    known.set(digest, true);
    return true;
  };
}
