import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import fastify from 'fastify';
import { closeAsTheyFinish } from './closing';

describe('a server that closes', () => {
  it('ends when the answer under way is given, whatever the client would keep', async () => {
    const server = fastify({ keepAliveTimeout: 600_000 });
    closeAsTheyFinish(server);
    let answer!: () => void;
    const isAsked = new Promise<void>((resolve) => {
      server.get('/', () => {
        resolve();
        return new Promise((give) => (answer = () => give('done')));
      });
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    const asking = request({ port, host: '127.0.0.1', agent }).end();
    const told = once(asking, 'response');
    await isAsked;
    const closed = server.close();
    // Long enough for the idle connections to have been closed.
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer();
    const [response] = (await told) as [NodeJS.ReadableStream & { statusCode: number }];
    response.resume();
    expect(response.statusCode).toBe(200);
    await closed;
    agent.destroy();
  });
});
