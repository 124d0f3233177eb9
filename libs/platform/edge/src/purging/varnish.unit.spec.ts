import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { varnishProvider } from './varnish';

describe('the Varnish provider', () => {
  const servers: Server[] = [];
  const asked: IncomingMessage[] = [];
  beforeEach(() => asked.splice(0));
  afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

  const instance = async (status: number) => {
    const server = createServer((request, response) => {
      asked.push(request);
      response.writeHead(status, { connection: 'close' }).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('sends the tags to every instance', async () => {
    const provider = varnishProvider([await instance(200), await instance(200)]);
    await provider.purge(['org:1', 'property:2']);
    expect(asked.map(({ method, headers }) => [method, headers['xkey-purge']])).toEqual([
      ['PURGE', 'org:1 property:2'],
      ['PURGE', 'org:1 property:2'],
    ]);
  });

  it('has not purged when one instance refuses', async () => {
    const provider = varnishProvider([await instance(200), await instance(503)]);
    await expect(provider.purge(['org:1'])).rejects.toThrow('answered 503');
  });

  it('has not purged when one instance cannot be reached', async () => {
    await expect(varnishProvider(['http://127.0.0.1:1']).purge(['org:1'])).rejects.toThrow();
  });
});
