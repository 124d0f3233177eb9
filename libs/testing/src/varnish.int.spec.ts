import { setTimeout as sleep } from 'node:timers/promises';
import { EdgeUnderTest, bearer, cacheStatus, describeEdge, mayBeStored, type Answer } from './edge-under-test';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenUntil = (seconds: number) => `${encoded({ alg: 'EdDSA' })}.${encoded({ sub: '1', exp: seconds })}.c2ln`;

describeEdge('the edge stores and serves', () => {
  const edge = new EdgeUnderTest();

  describe('stores', () => {
    it('what the API allows, and serves it the second time', async () => {
      const first = await edge.get(bearer('a'));
      const second = await edge.get(bearer('a'));
      expect([first.body, second.body]).toEqual(['answer 1', 'answer 1']);
      expect(cacheStatus(first)).toBe('innkeep-edge; fwd=uri-miss; stored');
      expect(cacheStatus(second)).toBe('innkeep-edge; hit');
    });

    it('one answer for each token, and none for who has no token', async () => {
      await edge.get(bearer('a'));
      expect((await edge.get(bearer('b'))).body).toBe('answer 2');
      expect((await edge.get()).body).toBe('answer 3');
      expect((await edge.get(bearer('a'))).body).toBe('answer 1');
      expect((await edge.get({ authorization: 'bearer a' })).body).toBe('answer 4');
    });

    it('no answer under a key that another token or address could spell', async () => {
      const path = edge.path;
      edge.answer = () => ({ headers: mayBeStored({ 'cache-control': 'public, max-age=60' }) });
      await edge.raw(`${path}/y`, { authorization: 'a' });
      await edge.raw(path, { authorization: `a#${path}/y` });
      await edge.raw(`/private#a#${path}/y`);
      await edge.raw(`${path}/y#a`);
      expect(edge.asked.map(({ url }) => url)).toEqual([`${path}/y`, path, '/private', `${path}/y`]);
      await edge.raw(`${path}/y?#b`);
      expect(edge.asked).toHaveLength(4);
    });

    it('one answer whatever the host, the order of parameters, the cookies and the wish for fresh ones', async () => {
      await edge.get(bearer('a'), `/v1/list?b=2&a=1&p=${edge.path}`);
      const again = await edge.get(
        bearer('a', { cookie: 'x=y', 'cache-control': 'no-cache' }),
        `/v1/list?p=${edge.path}&a=1&b=2`,
      );
      expect(again.body).toBe('answer 1');
      expect(edge.asked[0]?.headers.host).toBe('innkeep');
      expect((await edge.get(bearer('a'), `/v1/list?a=1&a=2&p=${edge.path}`)).body).toBe('answer 2');
      expect((await edge.get(bearer('a'), `/v1/list?a=2&a=1&p=${edge.path}`)).body).toBe('answer 3');
    });

    it('nothing without CDN-Cache-Control, with an unreadable one, or with one that forbids it', async () => {
      const lifetimes = [
        undefined,
        'max-age=1.5',
        'max-age="60"',
        'max-age=0',
        'max-age=60, no-store',
        'max-age=60, max-age=0',
        '5s',
      ];
      for (const lifetime of lifetimes) {
        edge.newPath();
        const headers = mayBeStored({ 'cache-control': 'public, max-age=60' });
        delete headers['cdn-cache-control'];
        edge.answer = () => ({ headers: lifetime ? { ...headers, 'cdn-cache-control': lifetime } : headers });
        expect(cacheStatus(await edge.get(bearer('a')))).toBe('innkeep-edge; fwd=uri-miss');
        expect({ lifetime, status: cacheStatus(await edge.get(bearer('a'))) }).toEqual({
          lifetime,
          status: 'innkeep-edge; fwd=uri-miss',
        });
      }
    });

    it('nothing private for who showed no token', async () => {
      await edge.get({ 'x-api-key': 'a' });
      expect((await edge.get({ 'x-api-key': 'b' })).body).toBe('answer 2');
      edge.answer = () => ({ headers: mayBeStored({ 'cache-control': 'public, max-age=60' }) });
      await edge.get({}, '/assets/a.js');
      expect(cacheStatus(await edge.get({}, '/assets/a.js'))).toBe('innkeep-edge; hit');
    });

    it('no error, no answer with a cookie, and none that varies by everything', async () => {
      const answers: Answer[] = [
        { status: 404, headers: mayBeStored() },
        { status: 500, headers: mayBeStored() },
        { status: 302, headers: mayBeStored({ location: '/' }) },
        { headers: mayBeStored({ 'set-cookie': 'a=b' }) },
        { headers: mayBeStored({ vary: '*' }) },
      ];
      for (const given of answers) {
        edge.newPath();
        edge.answer = () => given;
        await edge.get(bearer('a'));
        edge.answer = () => ({ headers: mayBeStored() });
        const next = await edge.get(bearer('a'));
        expect([next.status, cacheStatus(next)]).toEqual([200, 'innkeep-edge; fwd=uri-miss; stored']);
      }
    });

    it('for no longer than the token lives', async () => {
      const soon = Math.floor(Date.now() / 1000) + 2;
      await edge.get(bearer(tokenUntil(soon)));
      expect(cacheStatus(await edge.get(bearer(tokenUntil(soon))))).toBe('innkeep-edge; hit');
      await sleep(soon * 1000 - Date.now() + 50);
      edge.answer = () => ({ status: 401 });
      expect((await edge.get(bearer(tokenUntil(soon)))).status).toBe(401);
      expect((await edge.get(bearer('e30.%%%.e30'))).status).toBe(401);
    });
  });

  describe('asked for a position', () => {
    it('serves what is at or past it', async () => {
      await edge.get(bearer('a'));
      expect((await edge.get(bearer('a', { 'innkeep-min-position': '5' }))).body).toBe('answer 1');
    });

    it('goes to the API when what it has is behind, tells the API, and keeps the new answer', async () => {
      await edge.get(bearer('a'));
      edge.answer = () => ({ headers: mayBeStored({ 'innkeep-position': '6' }) });
      const fresh = await edge.get(bearer('a', { 'innkeep-min-position': '6' }));
      expect([fresh.body, cacheStatus(fresh)]).toEqual(['answer 2', 'innkeep-edge; fwd=request; stored']);
      expect(edge.asked[1]?.headers['innkeep-min-position']).toBe('6');
      expect((await edge.get(bearer('a'))).body).toBe('answer 2');
      expect((await edge.get(bearer('a', { 'innkeep-min-position': '6' }))).body).toBe('answer 2');
    });

    it('does not fall back to the older answer when the newer one has expired', async () => {
      await edge.get(bearer('a'));
      edge.answer = () => ({ headers: mayBeStored({ 'innkeep-position': '6', 'cdn-cache-control': 'max-age=1' }) });
      await edge.get(bearer('a', { 'innkeep-min-position': '6' }));
      await sleep(3_300);
      expect((await edge.get(bearer('a'))).body).not.toBe('answer 1');
    });

    it('asks the API each time for a position nobody has reached, or for one that is no number', async () => {
      await edge.get(bearer('a'));
      for (const position of ['9999999999999', '9999999999999', '-1', 'x', '5, 6']) {
        expect(cacheStatus(await edge.get(bearer('a', { 'innkeep-min-position': position })))).not.toContain('hit');
      }
      expect(edge.asked).toHaveLength(6);
    });

    it('does not believe an answer without a position', async () => {
      edge.answer = () => ({ headers: { 'cdn-cache-control': 'max-age=60' } });
      await edge.get(bearer('a'));
      expect((await edge.get(bearer('a', { 'innkeep-min-position': '0' }))).body).toBe('answer 2');
    });
  });
});
