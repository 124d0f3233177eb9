import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neededColumns } from './bookings-columns';
import { runImport } from './run-import';

interface Item {
  propertyId: number;
  amountCents: number;
  occurredAt: string;
  externalReference: string;
  country?: string;
}
interface Recorded extends Item {
  id: string;
  status: string;
}
type Fault = 'unavailable' | 'cut off before' | 'cut off after' | 'expired';

/** The routes of the API that an import uses, with faults that strike the next writes in turn. */
class FakeApi {
  readonly transactions = new Map<string, Recorded>();
  readonly stays = new Map<string, Item>();
  readonly signIns: string[] = [];
  faults: Fault[] = [];
  expiresIn = 900;
  readonly keys: string[] = [];
  readonly #answers = new Map<string, unknown>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = text ? JSON.parse(text) : {};
    const send = (status: number, json: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
    };
    const path = request.url ?? '';
    if (path.startsWith('/v1/auth/')) return send(...this.#signIn(path, body));
    if (request.headers.authorization !== `Bearer token-${this.signIns.length}`) return send(401, { title: 'Unknown' });
    if (path === '/v1/properties/7') return send(200, property);
    if (request.method === 'GET') return send(404, { title: 'No such property', requestId: 'r-1' });

    const key = String(request.headers['idempotency-key']);
    this.keys.push(key);
    const fault = this.faults.shift();
    if (fault === 'unavailable') return send(503, { title: 'Busy' }, { 'retry-after': '3' });
    if (fault === 'expired') return send(401, { title: 'Expired' });
    if (fault === 'cut off before') return void request.socket.destroy();
    if (!this.#answers.has(key)) this.#answers.set(key, this.#write(path, body));
    if (fault === 'cut off after') return void request.socket.destroy();
    send(200, { results: this.#answers.get(key) });
  }

  #signIn(path: string, body: { password?: string }): [number, unknown] {
    if (path.endsWith('login') && body.password !== 'secret') return [401, { title: 'Wrong email or password' }];
    this.signIns.push(path);
    return [200, { accessToken: `token-${this.signIns.length}`, refreshToken: 'r', expiresIn: this.expiresIn }];
  }

  #write(path: string, body: { items: Item[]; transactionIds: string[] }): unknown {
    if (path.includes('guest-checkin')) return this.#recordStays(body);
    return path.includes('revenues') ? this.#record(body) : this.#approve(body);
  }

  #recordStays({ items }: { items: Item[] }): unknown {
    return items.map((item, index) => {
      if (item.country === 'XYZ')
        return { index, status: 'invalid', errors: [{ pointer: '/country', detail: 'is none' }] };
      const isKnown = this.stays.has(item.externalReference);
      this.stays.set(item.externalReference, item);
      return { index, status: isKnown ? 'known' : 'recorded' };
    });
  }

  #record({ items }: { items: Item[] }): unknown {
    return items.map((item, index) => {
      if (item.amountCents > 1_000_000) {
        return {
          index,
          status: 'invalid',
          errors: [{ pointer: `/items/${index}/amountCents`, detail: 'is too large' }],
        };
      }
      const known = this.transactions.get(item.externalReference);
      if (known) return { index, status: 'known', transaction: known };
      const transaction = { ...item, id: `t-${this.transactions.size}`, status: 'pending' };
      this.transactions.set(item.externalReference, transaction);
      return { index, status: 'recorded', transaction: { ...transaction } };
    });
  }

  #approve({ transactionIds }: { transactionIds: string[] }): unknown {
    return transactionIds.map((id) => {
      const transaction = [...this.transactions.values()].find((each) => each.id === id);
      if (transaction?.status !== 'pending') return { id, status: 'unchanged' };
      transaction.status = 'approved';
      return { id, status: 'approved' };
    });
  }
}

const property = { id: 7, name: 'Sea View', timeZone: 'Europe/Lisbon', currency: 'EUR', businessDayStartsAt: '06:00' };
const header = neededColumns.join(',');
const stays = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `2024,May,${1 + (n % 31)},1,1,10.01,Check-Out`);

describe('an import', () => {
  let api: FakeApi;
  let url: string;
  let folder: string;
  const waits: number[] = [];

  beforeEach(async () => {
    api = new FakeApi();
    url = await api.listen();
    folder = await mkdtemp(join(tmpdir(), 'import-'));
    waits.length = 0;
  });
  afterEach(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  const withParty = `${header},adults,children,country`;

  async function run(rows: string[], ...options: string[]): Promise<{ code: number; output: string; errors: string }> {
    const file = join(folder, 'bookings.csv');
    const [first = header] = options[0]?.startsWith('--') ? [] : options.splice(0, 1);
    await writeFile(file, [first, ...rows, ''].join('\n'));
    const written = { output: '', errors: '' };
    const destination = ['--api', url, '--property', '7', '--email', 'a@example.com', '--password', 'secret'];
    const code = await runImport(['--file', file, ...destination, ...options], {
      output: { write: (text: string) => (written.output += text) } as unknown as NodeJS.WriteStream,
      errors: { write: (text) => (written.errors += text) },
      signal: new AbortController().signal,
      pause: async (milliseconds) => void waits.push(milliseconds),
    });
    return { code, ...written };
  }
  const summaryLine = (output: string, label: string): number =>
    Number(new RegExp(`${label} +([\\d,]+)`).exec(output)?.[1]?.replaceAll(',', ''));
  const totalCents = (): number => [...api.transactions.values()].reduce((sum, each) => sum + each.amountCents, 0);

  it('records every stay once on its business day, through 503s and cut connections', async () => {
    api.faults = ['unavailable', 'cut off before', 'cut off after'];
    const { code, output } = await run(stays(1200));
    expect(code).toBe(0);
    expect(api.transactions.size).toBe(1200);
    expect(totalCents()).toBe(1200 * 2002);
    expect(summaryLine(output, 'revenues recorded')).toBe(1200);
    expect(new Set(api.keys.slice(0, 4)).size).toBe(1);
    expect(api.keys.length).toBe(9);
    expect(waits[0]).toBeGreaterThanOrEqual(3000);
    expect([...api.transactions.values()][0]).toMatchObject({ propertyId: 7, occurredAt: '2024-05-01T11:00:00.000Z' });
  });

  it('records when each party came and left, or that it was cancelled', async () => {
    const { code, output } = await run(
      [
        '2024,May,30,1,1,10.01,Check-Out,2,1,PRT',
        '2024,May,30,0,0,10.01,Check-Out,1,0,NULL',
        '2024,May,30,0,2,10.01,No-Show,2,0,GBR',
        '2024,Maybe,30,0,2,10.01,Canceled,2,0,GBR',
        '2024,May,30,0,2,0,Check-Out,1,0,XYZ',
      ],
      withParty,
    );
    expect(code).toBe(1);
    expect([...api.stays.values()]).toMatchObject([
      {
        ...{ propertyId: 7, adults: 2, children: 1, country: 'PRT', arrivesOn: '2024-05-30', departsOn: '2024-06-01' },
        outcome: 'departed',
        ...{ checkedInAt: '2024-05-30T11:00:00.000Z', checkedOutAt: '2024-06-01T11:00:00.000Z' },
      },
      { adults: 1, arrivesOn: '2024-05-30', departsOn: '2024-05-30', outcome: 'departed' },
      { outcome: 'cancelled', cancellationReason: 'No-Show', departsOn: '2024-06-01' },
    ]);
    expect(api.transactions.size).toBe(1);
    expect(output).toMatch(/line 6: stay refused: .*is none/);
    expect(summaryLine(output, 'stays and cancellations recorded')).toBe(3);
    expect(summaryLine(output, 'cancelled or no-show')).toBe(2);
  });

  it('changes nothing when it runs again, and records only what was added', async () => {
    await run(stays(60));
    const again = await run(stays(60).toReversed());
    expect(again.code).toBe(0);
    expect(summaryLine(again.output, 'revenues already known')).toBe(60);
    const more = await run(stays(62));
    expect(summaryLine(more.output, 'revenues recorded')).toBe(2);
    expect(api.transactions.size).toBe(62);
  });

  it('approves on request, also what an earlier run left pending', async () => {
    await run(stays(3));
    const { code, output } = await run(stays(5), '--approve');
    expect(code).toBe(0);
    expect(summaryLine(output, 'revenues approved now')).toBe(5);
    expect([...api.transactions.values()].every(({ status }) => status === 'approved')).toBe(true);
    expect(summaryLine((await run(stays(5), '--approve')).output, 'revenues approved now')).toBe(0);
  });

  it('reports bad and refused rows by their lines and records the others', async () => {
    const bad = ['2024,June,31,0,1,10,Check-Out', '2024,May,1,0,1,99999,Check-Out', '2024,May,1,0,0,10,Check-Out'];
    const { code, output } = await run([...bad, '2024,May,1,0,1,10,Canceled', ...stays(2)]);
    expect(code).toBe(1);
    expect(output).toContain('line 2: the arrival date "2024 June 31" does not exist');
    expect(output).toMatch(/line 3: refused: .*is too large/);
    expect(summaryLine(output, 'of these without revenue')).toBe(1);
    expect(summaryLine(output, 'cancelled or no-show')).toBe(1);
    expect(api.transactions.size).toBe(2);
  });

  it('signs in again when its token is refused, and refreshes one that grows old', async () => {
    api.faults = ['expired'];
    expect((await run(stays(2))).code).toBe(0);
    expect(api.signIns).toEqual(['/v1/auth/login', '/v1/auth/login']);
    api.expiresIn = 0;
    expect((await run(stays(2))).code).toBe(0);
    expect(api.signIns.slice(2)).toEqual(['/v1/auth/login', '/v1/auth/refresh', '/v1/auth/refresh']);
  });

  it('gives up after eight tries, says that running it again resumes, and then does resume', async () => {
    api.faults = Array<Fault>(8).fill('cut off before');
    const { code, errors } = await run(stays(2));
    expect(code).toBe(2);
    expect(errors).toContain('Running the import again records what is missing');
    expect(waits).toHaveLength(7);
    expect((await run(stays(2))).code).toBe(0);
    expect(api.transactions.size).toBe(2);
  });

  it('sends nothing in a dry run', async () => {
    const { code, output } = await run([...stays(3), 'bad'], '--dry-run');
    expect(code).toBe(1);
    expect(output).toContain('line 5: the row has 1 columns where the first line has 7');
    expect(summaryLine(output, '2024-05')).toBe(6006);
    expect(api.signIns).toEqual([]);
  });

  it('stops at the limit', async () => {
    expect((await run(stays(9), '--limit', '4')).code).toBe(0);
    expect(api.transactions.size).toBe(4);
  });

  it('exits with 2 on wrong arguments, a wrong password, an unknown property or a missing file', async () => {
    expect((await run([], '--nonsense')).code).toBe(2);
    expect((await run([], '--limit', '0')).code).toBe(2);
    expect((await run([], '--password', 'wrong')).errors).toContain('Wrong email or password');
    expect(await run([], '--property', '8')).toMatchObject({ code: 2, errors: expect.stringContaining('r-1') });
    expect(await run([], '--file', join(folder, 'absent.csv'))).toMatchObject({ code: 2 });
  });
});
