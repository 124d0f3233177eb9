import {
  EdgeUnderTest,
  bearer,
  cacheStatus,
  eventually,
  knownFor,
  mayBeStored,
  varnishAvailable,
  varnishEdge,
} from '@innkeep/testing';
import { workerEdge } from './worker-under-test';

const edges = [
  ['Varnish', varnishEdge, varnishAvailable() || Boolean(process.env.CI)],
  ['the Worker', workerEdge, true],
] as const;

/** Everything that only the API and the edge tell each other. */
const internal = [
  ...['surrogate-key', 'surrogate-control', 'cdn-cache-control', 'cache-tag', 'x-cache-tags', 'x-org-key'],
  ...['x-tenant-partition', 'x-data-version'],
];
const everything = mayBeStored(Object.fromEntries(internal.slice(4).map((name) => [name, 'internal'])));

/** Ways to make a cache take what is private for a file, out of what routers and caches take for the end of a path. */
const deceptions = (path: string): string[] => [
  ...[
    '/x.css',
    ';x.css',
    '%00x.css',
    '%0ax.css',
    '%23x.css',
    '%3fx.css',
    '/%2e%2e/x.js',
    '/..%2fx.js',
    '//x.ico',
    '/./x.png',
  ].map((suffix) => path + suffix),
  ...[
    '.css',
    '.js',
    '.woff2',
    '.jpg',
    '/.css',
    '!x.svg',
    '~x.css',
    '$x.css',
    '@x.css',
    ',x.css',
    '%20.css',
    '%09.js',
  ].map((suffix) => path + suffix),
  ...['/assets/..%2f', '/static/%2e%2e%2f', '/assets/..;/', '/assets//..//'].map((prefix) => prefix + path.slice(1)),
];

describe.each(edges)('as every edge, %s', (_name, begin, isThere) => {
  (isThere ? describe : describe.skip)('keeps the contract:', () => {
    const edge = new EdgeUnderTest(begin);
    const known = (token: string) => (token.includes('colleague') ? 'partition-of-colleagues' : 'partition-of-others');
    beforeEach(() => {
      edge.context = knownFor(300, known);
    });
    const becomesHit = (headers: Record<string, string>, path?: string) =>
      eventually(async () => {
        const answer = await edge.get(headers, path);
        expect(cacheStatus(answer)).toMatch(/^innkeep-edge; hit/);
        return answer;
      });

    it('colleagues share an answer, and nobody else is given it', async () => {
      edge.answer = () => ({ headers: mayBeStored({ vary: 'Accept-Encoding, Authorization, Origin' }) });
      const first = await edge.get(bearer('colleague-1'));
      expect(cacheStatus(first)).toBe('innkeep-edge; fwd=uri-miss; stored');
      expect((await edge.get(bearer('colleague-2'))).body).toBe(first.body);
      expect((await edge.get(bearer('somebody-else'))).body).not.toBe(first.body);
      expect((await edge.get()).body).not.toBe(first.body);
      expect(edge.asked.map(({ headers }) => headers['x-tenant-partition'])).toEqual([
        'partition-of-colleagues',
        'partition-of-others',
        undefined,
      ]);
    });

    it('what a client claims is dropped', async () => {
      const names = [...internal, 'x-forwarded-host', 'forwarded', 'x-org-key', 'x-user-id'];
      const lies = Object.fromEntries(names.map((name) => [name, 'lie']));
      const own = await edge.get(bearer('colleague-1'));
      const lying = { ...lies, 'x-tenant-partition': 'partition-of-colleagues' };
      expect((await edge.get(bearer('somebody-else', lying))).body).not.toBe(own.body);
      expect((await edge.get(lying)).body).not.toBe(own.body);
      for (const { headers } of edge.asked) expect(Object.values(headers)).not.toContain('lie');
    });

    it('whom the API does not know gets nothing that is kept', async () => {
      await edge.get(bearer('colleague-1'));
      edge.context = () => ({ status: 401 });
      edge.answer = () => ({ status: 401, headers: mayBeStored() });
      for (let time = 0; time < 2; time++) {
        const answer = await edge.get(bearer(`colleague-unknown${edge.path}`));
        expect([answer.status, cacheStatus(answer)]).toEqual([401, 'innkeep-edge; fwd=bypass']);
      }
    });

    it('rights that changed are asked for again when the user is purged', async () => {
      edge.context = knownFor(300, known, `user:${edge.path}`);
      const token = bearer(`colleague${edge.path}`);
      await edge.get(token);
      await becomesHit(token);
      edge.context = () => ({ status: 401 });
      edge.answer = () => ({ status: 401 });
      await edge.purgeTags(`user:${edge.path}`);
      expect((await edge.get(token)).status).toBe(401);
    });

    it('a purge by tag ends every answer with it, and no other', async () => {
      const other = `/other${edge.path}`;
      const tag = `page:${edge.path}`.replaceAll('/', '-');
      edge.answer = ({ url }) => ({
        headers: mayBeStored(url === other ? {} : { 'surrogate-key': `org:1 ${tag}`, 'cache-tag': `org:1,${tag}` }),
      });
      for (const token of ['colleague', 'else']) await edge.get(bearer(token));
      await edge.get(bearer('colleague'), other);
      await edge.purgeTags(tag);
      for (const token of ['colleague', 'else'])
        expect(cacheStatus(await edge.get(bearer(token)))).toContain('uri-miss');
      expect(cacheStatus(await edge.get(bearer('colleague'), other))).toContain('hit');
    });

    it('nothing comes from behind the position asked for', async () => {
      await edge.get(bearer('colleague'));
      const at = (position: string) => edge.get(bearer('colleague', { 'innkeep-min-position': position }));
      expect(cacheStatus(await at('5'))).toContain('hit');
      edge.answer = () => ({ headers: mayBeStored({ 'innkeep-position': '6' }), body: 'newer' });
      expect([(await at('6')).body, (await edge.get(bearer('colleague'))).body]).toEqual(['newer', 'newer']);
      expect(edge.asked.at(-1)?.headers['innkeep-min-position']).toBe('6');
      for (const wrong of ['-1', 'x', '5, 6']) expect(cacheStatus(await at(wrong))).toBe('innkeep-edge; fwd=bypass');
    });

    it('nothing that is not meant to be kept is kept', async () => {
      const forbidden = [
        { status: 404, headers: mayBeStored() },
        { status: 500, headers: mayBeStored() },
        { headers: mayBeStored({ 'set-cookie': 'a=b' }) },
        { headers: mayBeStored({ vary: '*' }) },
        { headers: mayBeStored({ 'cdn-cache-control': 'no-store' }) },
        { headers: mayBeStored({ 'cdn-cache-control': 'max-age=60, private' }) },
        { headers: mayBeStored({ 'cdn-cache-control': 'max-age=1.5' }) },
      ];
      for (const given of forbidden) {
        edge.newPath();
        edge.answer = () => given;
        await edge.get(bearer('colleague'));
        edge.answer = () => ({ headers: mayBeStored() });
        expect(cacheStatus(await edge.get(bearer('colleague')))).toBe('innkeep-edge; fwd=uri-miss; stored');
      }
      edge.newPath();
      await edge.get();
      expect(cacheStatus(await edge.get())).toContain('uri-miss');
      edge.answer = () => ({ headers: mayBeStored({ 'cache-control': 'public, max-age=60' }) });
      await edge.get({}, `/assets${edge.path}`);
      await becomesHit({}, `/assets${edge.path}`);
    });

    it('no spelling makes it keep what the API does not find', async () => {
      edge.answer = () => ({ status: 404, headers: mayBeStored({ 'cache-control': 'public, max-age=60' }) });
      const spellings = deceptions(edge.path);
      for (const spelling of spellings)
        for (let time = 0; time < 2; time++) await edge.raw(spelling, bearer('colleague'));
      edge.answer = () => ({ headers: mayBeStored() });
      for (const spelling of spellings) {
        const { status, headers } = await edge.get({}, spelling);
        expect({ spelling, status: headers.get('cache-status') }).not.toMatchObject({
          status: expect.stringContaining('hit'),
        });
        expect(status).toBeLessThan(500);
      }
    });

    it('nothing internal comes out, whatever the status and the way', async () => {
      edge.answer = ({ url }) => ({ status: url.includes('absent') ? 404 : 200, headers: everything });
      const token = bearer('colleague');
      const answers = [
        await edge.get(token),
        await becomesHit(token),
        await edge.get({ ...token, 'if-none-match': 'W/"5"' }),
        await edge.get(token, edge.path, 'HEAD'),
        await edge.get(token, `/absent${edge.path}`),
        await edge.get(token, '/v1/x', 'POST'),
        await edge.get(token, '/v2/realtime/poll'),
        await edge.get(token, '/metrics'),
        await edge.get(token, '/v1/edge/context'),
        await edge.get(bearer('a', { 'innkeep-edge-debug': 'not-the-token-of-it' })),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 304, 200, 404, 200, 200, 404, 404, 200]);
      const leaked = ({ headers }: { headers: Headers }) =>
        [...headers.keys()].filter(
          (name) => internal.includes(name) || /^(x-edge|xkey|x-varnish|via$|age$)/.test(name),
        );
      expect(answers.flatMap(leaked)).toEqual([]);
    });

    it('one answer, whatever the order of parameters, cookies and the wish for fresh ones', async () => {
      await edge.get(bearer('colleague'), `${edge.path}?b=2&a=1`);
      const wish = { cookie: 'x=y', 'cache-control': 'no-cache', pragma: 'no-cache', 'x-bypass-cdn': 'true' };
      const again = await edge.get(bearer('colleague', wish), `${edge.path}?a=1&b=2`);
      expect(cacheStatus(again)).toContain('hit');
      await edge.get(bearer('colleague'), `${edge.path}?a=1&a=2`);
      expect(cacheStatus(await edge.get(bearer('colleague'), `${edge.path}?a=2&a=1`))).toContain('uri-miss');
    });

    it('a part of an answer is not to be had: it is given whole', async () => {
      for (let time = 0; time < 2; time++)
        for (const method of ['GET', 'HEAD']) {
          const answer = await edge.get(bearer('colleague', { range: 'bytes=0-2' }), edge.path, method);
          expect([answer.status, answer.headers.get('content-range')]).toEqual([200, null]);
          expect(answer.body).toBe(method === 'GET' ? 'answer 1' : '');
        }
    });

    it('many who ask for the same cost one request', async () => {
      await edge.get(bearer('colleague'), `/v1/known${edge.path}`);
      edge.asked = [];
      const answers = await Promise.all(Array.from({ length: 8 }, () => edge.get(bearer('colleague'))));
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
      expect(edge.asked).toHaveLength(1);
    });

    it('many who ask for what is their own are each given theirs', async () => {
      await edge.get(bearer('colleague'), `/v1/known${edge.path}`);
      for (const given of [{ headers: { 'cache-control': 'private, no-store' } }, { status: 403 }]) {
        edge.newPath();
        edge.asked = [];
        edge.answer = () => given;
        for (let time = 0; time < 2; time++) {
          const answers = await Promise.all(Array.from({ length: 8 }, () => edge.get(bearer('colleague'))));
          expect(new Set(answers.map(({ body }) => body)).size).toBe(8);
        }
        expect(edge.asked).toHaveLength(16);
      }
    });

    it('long polls and files behind a link are the API’s alone, these also in part', async () => {
      const polls = ['finance', 'tasks', 'guest-checkin'].map((name) => `/v1/${name}/realtime/subscribe?cursor=5`);
      const files = ['documents/a/content', 'exports/a/file', 'organization/exports/a/file'].map(
        (path) => `/v1/${path}?token=x`,
      );
      for (const path of [...polls, ...files])
        for (let time = 0; time < 2; time++) {
          const answer = await edge.get(bearer('colleague', { range: 'bytes=0-2' }), path);
          expect([path, cacheStatus(answer)]).toEqual([path, 'innkeep-edge; fwd=bypass']);
        }
      expect(new Set(edge.asked.map(({ headers }) => headers.range))).toEqual(new Set(['bytes=0-2']));
      expect(edge.asked).toHaveLength(12);
    });

    it('what is stale is given once more while it is fetched behind it', async () => {
      edge.answer = () => ({
        headers: mayBeStored({ 'cdn-cache-control': 'max-age=1, stale-while-revalidate=60' }),
        body: 'old',
      });
      await edge.get(bearer('colleague'));
      edge.answer = () => ({ headers: mayBeStored(), body: 'new' });
      const seen: string[] = [];
      await eventually(async () => {
        seen.push((await edge.get(bearer('colleague'))).body);
        expect(seen.at(-1)).toBe('new');
      });
      expect(new Set(seen)).toEqual(new Set(['old', 'new']));
    });

    it('refuses what could be read in two ways', async () => {
      expect(await edge.raw('/%6Detrics')).toBe(400);
      expect(await edge.raw('/v1/%65dge/context', bearer('colleague'))).toBe(400);
      expect(await edge.raw(edge.path, { ...bearer('colleague'), 'content-length': '3' }, 'abc')).toBe(400);
      expect(edge.asked).toEqual([]);
    });
  });
});
