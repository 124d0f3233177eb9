import { EdgeUnderTest, bearer, cacheStatus, describeEdge, edgeDebugToken, mayBeStored } from './edge-under-test';
import { startVarnish } from './varnish';

describeEdge('through the edge comes', () => {
  const edge = new EdgeUnderTest();

  describe('hands on', () => {
    it('what is not GET or HEAD, with its body', async () => {
      const response = await fetch(`${edge.url}/v1/things`, { method: 'POST', headers: bearer('a'), body: '{"a":1}' });
      expect(cacheStatus(response)).toBe('innkeep-edge; fwd=method');
      await response.text();
      for (const method of ['QUERY', 'PATCH', 'OPTIONS']) await edge.get(bearer('a'), `/v1/things`, method);
      expect(edge.asked.map((each) => each.method)).toEqual(['POST', 'QUERY', 'PATCH', 'OPTIONS']);
    });

    it('health, realtime and administration unstored, and no metrics', async () => {
      for (const url of ['/health/ready', '/v2/realtime/poll', '/realtime?x=1', '/admin/queues']) {
        expect(cacheStatus(await edge.get(bearer('a'), url))).toBe('innkeep-edge; fwd=bypass');
        expect(cacheStatus(await edge.get(bearer('a'), url))).toBe('innkeep-edge; fwd=bypass');
      }
      expect((await edge.get({}, '/metrics')).status).toBe(404);
      expect((await edge.get({}, '/%6Detrics')).status).toBe(400);
      expect(edge.asked).toHaveLength(8);
    });

    it('no claims of the client about what only we know', async () => {
      const claims = [
        'x-org-key',
        'x-tenant-partition',
        'surrogate-key',
        'x-forwarded-host',
        'forwarded',
        'xkey-purge',
        'x-edge-debug',
      ];
      const lies = Object.fromEntries(claims.map((name) => [name, 'lie']));
      await edge.get(
        bearer('a', { ...lies, 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-request-id': 'mine' }),
      );
      const headers = edge.asked[0]?.headers ?? {};
      expect(Object.keys(headers).filter((name) => headers[name] === 'lie')).toEqual([]);
      expect(headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-request-id': 'mine',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('x-edge'))).toEqual([]);
    });

    it('a stream piece by piece', async () => {
      let finish: () => void = () => undefined;
      edge.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        finish = () => response.end();
        return undefined;
      };
      const response = await fetch(`${edge.url}/v2/realtime/events`);
      const first = await response.body!.getReader().read();
      expect(new TextDecoder().decode(first.value)).toBe('data: 1\n\n');
      finish();
    });

    it('no body with a GET', async () => {
      expect(await edge.raw('/v1/x', { 'content-length': '3' }, 'abc')).toBe(400);
      expect(edge.asked).toEqual([]);
    });

    it('one request for many that ask for the same', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => edge.get(bearer('a'))));
      expect(new Set(answers.map((each) => each.body))).toEqual(new Set(['answer 1']));
    });
  });

  describe('strips', () => {
    const internal = [
      'surrogate-key',
      'surrogate-control',
      'x-org-key',
      'x-cache-tags',
      'x-tenant-partition',
      'cdn-cache-control',
    ];
    const added = [
      'x-varnish',
      'via',
      'age',
      'xkey',
      'x-edge-lifetime',
      'x-edge-stale',
      'cache-tag',
      'innkeep-edge-tags',
    ];
    const leaked = (headers: Headers) => [...internal, ...added].filter((name) => headers.has(name));
    const everything = mayBeStored(
      Object.fromEntries([...internal.slice(1, 5), 'cache-tag'].map((name) => [name, 'internal'])),
    );

    it('what is between the API and the edge: from 200, 304, 404, passed and refused answers', async () => {
      edge.answer = ({ url }) => ({ status: url.includes('absent') ? 404 : 200, headers: everything });
      const answers = [
        await edge.get(bearer('a')),
        await edge.get(bearer('a')),
        await edge.get(bearer('a', { 'if-none-match': 'W/"5"' })),
        await edge.get(bearer('a'), `/absent${edge.path}`),
        await edge.get(bearer('a'), '/v1/x', 'POST'),
        await edge.get(bearer('a'), '/metrics'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 304, 404, 200, 404]);
      expect(answers.map(({ headers }) => leaked(headers))).toEqual([[], [], [], [], [], []]);
      expect(answers[2]?.headers.get('innkeep-position')).toBe('5');
    });

    it('nothing of a refusal that a client reads: it is a problem document like those of the API', async () => {
      const refused = await edge.get({}, '/metrics');
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
      expect(JSON.parse(refused.body)).toMatchObject({ type: '/problems/not-found', status: 404, code: 'not-found' });
    });

    it('not for who knows the token of the edge', async () => {
      const known = await edge.get(bearer('a', { 'innkeep-edge-debug': edgeDebugToken }));
      expect(known.headers.get('innkeep-edge-tags')).toBe('org:1 property:7');
      expect(known.headers.get('innkeep-edge-lifetime')).toBe('max-age=300, stale-while-revalidate=3');
      const unknown = await edge.get(bearer('a', { 'innkeep-edge-debug': 'a-token-for-the-edgf' }));
      expect(leaked(unknown.headers)).toEqual([]);
      expect(edge.asked[0]?.headers['innkeep-edge-debug']).toBeUndefined();
    });

    it('from a hit what belongs to the request that filled the cache', async () => {
      const ofItsOwn = { 'x-request-id': 'first', 'server-timing': 'db;dur=9', ratelimit: '"read";r=1;t=1' };
      edge.answer = () => ({ headers: mayBeStored(ofItsOwn) });
      expect((await edge.get(bearer('a'))).headers.get('x-request-id')).toBe('first');
      const hit = await edge.get(bearer('a'));
      expect(hit.headers.get('x-request-id')).toMatch(/^edge-\d+$/);
      expect([hit.headers.get('server-timing'), hit.headers.get('ratelimit')]).toEqual([null, null]);
    });

    it('the age: a browser counts from when it was given the answer', async () => {
      edge.answer = () => ({
        headers: mayBeStored({ date: 'Sat, 01 Jan 2022 00:00:00 GMT', 'cache-control': 'private, max-age=30' }),
      });
      await edge.get(bearer('a'));
      const hit = await edge.get(bearer('a'));
      expect(cacheStatus(hit)).toBe('innkeep-edge; hit');
      expect(Math.abs(Date.parse(hit.headers.get('date')!) - Date.now())).toBeLessThan(3_000);
    });
  });

  it('answers with a problem document when the API is not there', async () => {
    const lonely = await startVarnish({ originPort: 1 });
    try {
      const response = await fetch(`${lonely.url}/v1/x`, { headers: bearer('a') });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({
        status: 503,
        code: 'service-unavailable',
        requestId: expect.stringMatching(/^edge-\d+$/),
      });
    } finally {
      await lonely.stop();
    }
  });
});
