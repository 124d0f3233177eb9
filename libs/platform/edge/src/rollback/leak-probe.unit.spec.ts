import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probeForLeaks } from './leak-probe';
import { ProbeWindow } from './probe-window';

describe('the probe for leaks', () => {
  const servers: Server[] = [];
  afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

  /** An edge that says this to whoever has the key, and to everybody else what it says to them. */
  const edge = async (answer: (key: string | undefined) => { status: number; body: string }) => {
    const server = createServer((request, response) => {
      const { status, body } = answer(request.headers.authorization?.replace('Bearer ', ''));
      response.writeHead(status, { connection: 'close' }).end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const probe = (edgeUrl: string) =>
    probeForLeaks({ edgeUrl, ownKey: 'own', otherKey: 'other', paths: ['/v1/properties', '/v1/finance/summary'] });
  const own = '{"data":[{"name":"cnry_7_0123456789abcdef"}]}';

  it('finds nothing where everybody is given his own', async () => {
    const url = await edge((key) =>
      key === 'own'
        ? { status: 200, body: own }
        : key
          ? { status: 200, body: '{"data":[]}' }
          : { status: 401, body: '{}' },
    );
    expect(await probe(url)).toEqual({ crossed: [], requests: 8, errors: 0 });
  });

  it('finds what is given to somebody else, whole or in part, and to nobody', async () => {
    const toOther = await edge((key) => (key ? { status: 200, body: own } : { status: 401, body: '' }));
    expect((await probe(toOther)).crossed).toEqual(['/v1/properties', '/v1/finance/summary']);
    const toNobody = await edge((key) => (key === 'other' ? { status: 404, body: '' } : { status: 200, body: own }));
    expect((await probe(toNobody)).crossed).toHaveLength(2);
    const inPart = await edge((key) =>
      key === 'own' ? { status: 200, body: own } : { status: 404, body: 'no cnry_7_0123456789abcdef here' },
    );
    expect((await probe(inPart)).crossed).toHaveLength(2);
  });

  it('counts what is out of order, and takes it for no leak', async () => {
    expect(await probe(await edge(() => ({ status: 503, body: 'out of order' })))).toEqual({
      crossed: [],
      requests: 8,
      errors: 8,
    });
    expect(await probe('http://127.0.0.1:1')).toMatchObject({ crossed: [], errors: 8 });
  });

  it('tells the share of errors of the last five minutes, once enough is known', () => {
    const window = new ProbeWindow();
    for (let index = 0; index < 19; index++) window.note(index < 2, 1_000);
    expect(window.errors(1_000)).toBeUndefined();
    window.note(false, 2_000);
    expect(window.errors(2_000)).toBe(0.1);
    expect(window.errors(302_000)).toBeUndefined();
  });
});
