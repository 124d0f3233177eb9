import { request as httpRequest } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { eventually } from '@innkeep/testing';
import { type Answer, SharedInnkeep, type Member, type Property, signUp } from './system';

const isHit = ({ headers }: Answer) => headers.get('cache-status') === 'innkeep-memory; hit';
const timing = ({ headers }: Answer) => headers.get('server-timing');

describe('an answer', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty();
  });

  /** The answer as it comes from memory. */
  const kept = (path: string, headers?: Record<string, string>) =>
    eventually(async () => {
      const answer = await owner.get(path, headers);
      expect(isHit(answer)).toBe(true);
      return answer;
    });

  describe('says where its time went', () => {
    const ms = String.raw`\d+(\.\d\d?)?`;
    const all = new RegExp(`^db;dur=${ms}, cache;desc="miss", total;dur=${ms}$`);
    const fromDatabase = new RegExp(`^db;dur=${ms}, total;dur=${ms}$`);
    const total = new RegExp(`^total;dur=${ms}$`);

    it('when it is read, and when it was kept', async () => {
      const path = '/v1/properties?limit=17';
      const first = await owner.get(path);
      expect(timing(first)).toMatch(all);
      expect(timing(await kept(path))).toMatch(new RegExp(`^cache;desc="hit";dur=${ms}, total;dur=${ms}$`));
      const unchanged = await kept(path, { 'if-none-match': first.etag });
      expect([unchanged.status, timing(unchanged)]).toEqual([304, expect.stringMatching(/^cache;desc="hit"/)]);
    });

    it('when it is an item, about a person, or what a change came to', async () => {
      const renamed = await owner.patch(`/v1/properties/${property.id}`, { name: 'Casa Nova' });
      const answers = [await owner.get(`/v1/properties/${property.id}`), await owner.get('/v1/auth/me'), renamed];
      for (const answer of answers) expect(timing(answer.expect(200))).toMatch(fromDatabase);
    });

    it('but not what the database did for somebody who need not sign in', async () => {
      const asked = await innkeep.anybody.post('/v1/auth/password-resets', { email: owner.email });
      expect(timing(asked.expect(202))).toMatch(total);
      expect(timing(await innkeep.anybody.get('/v1/properties'))).toMatch(total);
      expect(timing(await owner.get('/v1/nothing'))).toMatch(total);
    });
  });

  describe('is compressed', () => {
    const unpack: Record<string, (bytes: Buffer) => Buffer> = {
      br: brotliDecompressSync,
      gzip: gunzipSync,
      identity: (bytes) => bytes,
    };
    /** The answer as it comes over the wire: `fetch` unpacks what it gets. */
    const raw = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
      new Promise<{ status: number; headers: Record<string, unknown>; encoding: string; text: string; bytes: number }>(
        (resolve, reject) => {
          const authorization = `Bearer ${owner.token}`;
          const asked = httpRequest(
            innkeep.url + path,
            { method, headers: { authorization, ...headers } },
            (response) => {
              const parts: Buffer[] = [];
              response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
              response.on('end', () => {
                const all = Buffer.concat(parts);
                const encoding = response.headers['content-encoding'] ?? 'identity';
                const text = all.length > 0 ? unpack[encoding]!(all).toString() : '';
                const { statusCode: status = 0 } = response;
                resolve({ status, headers: response.headers, encoding, text, bytes: all.length });
              });
            },
          );
          asked.on('error', reject).end(body);
        },
      );
    const accept = (encoding: string) => ({ 'accept-encoding': encoding });
    let list: string;

    beforeAll(async () => {
      const items = Array.from({ length: 40 }, (_, index) => ({
        propertyId: property.id,
        amountCents: index + 1,
        description: `Item ${index}`,
      }));
      const { position } = await owner.post('/v1/finance/revenues/bulk', { items });
      list = `/v1/finance/revenues?propertyId=${property.id}`;
      await owner.getAfter(position, list);
    });

    it('as the client likes it best, when it is read and when it was kept: the same bytes under the same ETag', async () => {
      const plain = await raw(list);
      expect([plain.status, plain.encoding]).toEqual([200, 'identity']);
      for (const [wanted, encoding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['gzip;q=0, br;q=0', 'identity'],
      ] as const) {
        const path = `${list}&limit=${39 + wanted.length}`;
        const read = await raw(path, accept(wanted));
        expect([read.encoding, read.headers.vary]).toEqual([encoding, expect.stringContaining('Accept-Encoding')]);
        expect(read.headers['content-length']).toBe(String(read.bytes));
        expect(JSON.parse(read.text)).toEqual(JSON.parse(plain.text));
        for (const again of [wanted, 'br', 'gzip', 'identity']) {
          const hit = await eventually(async () => {
            const answer = await raw(path, accept(again));
            expect(answer.headers['cache-status']).toBe('innkeep-memory; hit');
            return answer;
          });
          expect([hit.text, hit.headers.etag]).toEqual([read.text, read.headers.etag]);
          expect(hit.encoding).toBe(again === wanted ? encoding : again);
          expect(hit.headers['content-length']).toBe(String(hit.bytes));
          const unchanged = await raw(path, { ...accept(again), 'if-none-match': String(read.headers.etag) });
          expect([unchanged.status, unchanged.bytes, unchanged.encoding]).toEqual([304, 0, 'identity']);
        }
        if (encoding !== 'identity') expect(read.bytes).toBeLessThan(plain.bytes / 3);
      }
    });

    it('if it is large enough, not an item, and read', async () => {
      const body = JSON.stringify({
        items: Array.from({ length: 10 }, () => ({ propertyId: property.id, amountCents: 1, description: 'Soap' })),
      });
      const recorded = { 'content-type': 'application/json', 'idempotency-key': 'compressed', ...accept('br') };
      const answers = [
        await raw('/v1/properties', accept('br')),
        await raw(`/v1/properties/${property.id}`, accept('br')),
        await raw('/v1/nothing', accept('br')),
        await raw('/v1/finance/revenues/bulk', recorded, 'POST', body),
      ];
      expect(answers.map(({ status, encoding }) => [status, encoding])).toEqual([
        [200, 'identity'],
        [200, 'identity'],
        [404, 'identity'],
        [200, 'identity'],
      ]);
      expect(answers[3]!.bytes).toBeGreaterThan(1_024);
    });

    it('when it is never kept, too', async () => {
      const { position } = await owner.get('/v1/auth/me');
      const path = `/v1/finance/today-pending-transactions?propertyId=${property.id}`;
      await owner.getAfter(position, path);
      const answers = [
        await raw(path, accept('br')),
        await raw(path, accept('gzip')),
        await raw('/openapi.json', accept('br')),
      ];
      expect(answers.map(({ encoding }) => encoding)).toEqual(['br', 'gzip', 'br']);
      for (const { text } of answers) expect(() => JSON.parse(text) as unknown).not.toThrow();
    });
  });
});
