import { eventually } from '@innkeep/testing';
import fastify, { type FastifyInstance } from 'fastify';
import { shedLoad } from './pressure';
import { sendProblem } from './problem-document';

const BUSY_MS = 60;

function block(): void {
  const until = performance.now() + BUSY_MS;
  while (performance.now() < until);
}

describe('a busy process', () => {
  let server: FastifyInstance;
  beforeEach(async () => {
    server = fastify();
    shedLoad(server, 30);
    server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
    server.get('/work', { config: { rules: { allow: 'public', summary: 'Work' } } }, () => 'done');
    server.get('/health', () => 'alive');
    await server.ready();
  });
  afterEach(() => server.close());

  it('turns work away, says it is alive, and takes work again when it has caught up', async () => {
    const blocking = setInterval(block, 1);
    await eventually(async () => {
      const refused = await server.inject('/work');
      expect([refused.statusCode, refused.json().code]).toEqual([503, 'service-unavailable']);
      expect(refused.headers['retry-after']).toBe('1');
    });
    expect((await server.inject('/health')).body).toBe('alive');
    clearInterval(blocking);
    await eventually(async () => expect((await server.inject('/work')).body).toBe('done'));
  });

  it('minds no single late moment', async () => {
    for (let time = 0; time < 10; time++) block();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await server.inject('/work')).body).toBe('done');
  });
});
