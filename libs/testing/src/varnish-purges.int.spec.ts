import { setTimeout as sleep } from 'node:timers/promises';
import { EdgeUnderTest, bearer, cacheStatus, describeEdge, mayBeStored } from './edge-under-test';

describeEdge('the edge forgets', () => {
  const edge = new EdgeUnderTest();

  describe('purges', () => {
    const tagged = (tags: string, stale = 3) =>
      mayBeStored({ 'surrogate-key': tags, 'cdn-cache-control': `max-age=300, stale-while-revalidate=${stale}` });

    it('by tag, all variants and tokens, and says how many', async () => {
      edge.answer = ({ url }) => ({ headers: tagged(url.includes('other') ? 'org:2' : `org:1 page:${edge.path}`) });
      await edge.get(bearer('a'));
      await edge.get(bearer('b'));
      await edge.get(bearer('a'), `/other${edge.path}`);
      expect(await edge.purge({ 'xkey-purge': `page:${edge.path} nobody:has:this` })).toEqual({
        status: 200,
        body: { invalidated: 2 },
      });
      expect(cacheStatus(await edge.get(bearer('a')))).toContain('fwd=uri-miss');
      expect(cacheStatus(await edge.get(bearer('b')))).toContain('fwd=uri-miss');
      expect(cacheStatus(await edge.get(bearer('a'), `/other${edge.path}`))).toContain('hit');
    });

    it('softly: the old answer once more, and the new one after it', async () => {
      edge.answer = () => ({ headers: tagged(`page:${edge.path}`) });
      await edge.get(bearer('a'));
      expect((await edge.purge({ 'xkey-softpurge': `page:${edge.path}` })).body).toEqual({ invalidated: 1 });
      const stale = await edge.get(bearer('a'));
      expect(stale.body).toBe('answer 1');
      expect(cacheStatus(stale)).toMatch(/^innkeep-edge; hit; ttl=-?\d+$/);
      await sleep(200);
      expect((await edge.get(bearer('a'))).body).toBe('answer 2');
    });

    it('hard where it was asked to be soft but the answer may be stale for minutes', async () => {
      edge.answer = () => ({ headers: tagged(`page:${edge.path}`, 300) });
      await edge.get(bearer('a'));
      expect((await edge.purge({ 'xkey-softpurge': `page:${edge.path}` })).body).toEqual({ invalidated: 1 });
      expect((await edge.get(bearer('a'))).body).toBe('answer 2');
      expect((await edge.purge({ 'xkey-purge': `page:${edge.path}` })).body).toEqual({ invalidated: 1 });
      expect((await edge.get(bearer('a'))).body).toBe('answer 3');
    });

    it('an answer with as many tags as the API may send, by its last one', async () => {
      const many = Array.from({ length: 8 * 1024 }, (_, index) => (index % 6 === 5 ? ' ' : 'x')).join('');
      for (const stale of [3, 300]) {
        edge.newPath();
        edge.answer = () => ({ headers: tagged(`${many.slice(edge.path.length + 6)} page:${edge.path}`, stale) });
        expect((await edge.get(bearer('a'))).status).toBe(200);
        expect((await edge.purge({ 'xkey-purge': `page:${edge.path}` })).body).toEqual({ invalidated: 1 });
      }
    });

    it('for nobody but those on its own listener, and only by tag', async () => {
      await edge.get(bearer('a'));
      expect((await edge.purge({ 'xkey-purge': 'org:1' }, edge.url)).status).toBe(405);
      expect((await edge.purge({})).status).toBe(400);
      expect((await fetch(`${edge.purgeUrl}${edge.path}`)).status).toBe(405);
      expect((await edge.get(bearer('a'))).body).toBe('answer 1');
    });
  });

  describe('when stored answers expire', () => {
    it('serves the stale one, asks once behind it, and takes a 304 for what it had', async () => {
      edge.answer = () => ({ headers: mayBeStored({ 'cdn-cache-control': 'max-age=1, stale-while-revalidate=30' }) });
      await edge.get(bearer('a'));
      await sleep(1_100);
      edge.answer = () => ({ status: 304, headers: mayBeStored({ 'innkeep-position': '9' }) });
      expect((await edge.get(bearer('a'))).body).toBe('answer 1');
      await sleep(200);
      const renewed = await edge.get(bearer('a'));
      expect([renewed.body, cacheStatus(renewed)]).toEqual(['answer 1', 'innkeep-edge; hit']);
      expect(renewed.headers.get('innkeep-position')).toBe('9');
      expect(edge.asked).toHaveLength(2);
      expect(edge.asked[1]?.headers['if-none-match']).toBe('W/"5"');
    });

    it('asks whether it still holds when it may not be served stale', async () => {
      edge.answer = () => ({ headers: mayBeStored({ 'cdn-cache-control': 'max-age=1' }) });
      await edge.get(bearer('a'));
      await sleep(1_100);
      edge.answer = () => ({ status: 304, headers: { etag: 'W/"5"' } });
      const revalidated = await edge.get(bearer('a'));
      // The 304 brought no lifetime, so that of the old answer is over.
      expect([revalidated.body, cacheStatus(revalidated)]).toEqual(['answer 1', 'innkeep-edge; fwd=stale']);
    });

    it('keeps the stale one through a 5xx, and gives it up for a refusal', async () => {
      edge.answer = () => ({ headers: mayBeStored({ 'cdn-cache-control': 'max-age=1, stale-while-revalidate=30' }) });
      await edge.get(bearer('a'));
      await sleep(1_100);
      edge.answer = () => ({ status: 503 });
      await edge.get(bearer('a'));
      await sleep(200);
      expect((await edge.get(bearer('a'))).body).toBe('answer 1');
      await sleep(200);
      edge.answer = () => ({ status: 403 });
      await edge.get(bearer('a'));
      await sleep(1_500);
      expect((await edge.get(bearer('a'))).status).toBe(403);
    });
  });
});
