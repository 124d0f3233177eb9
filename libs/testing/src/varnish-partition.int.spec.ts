import { EdgeUnderTest, bearer, cacheStatus, describeEdge, knownFor, mayBeStored } from './edge-under-test';

describeEdge('the edge keeps private answers by partition', () => {
  const edge = new EdgeUnderTest();
  const [colleagues, others] = ['partition-of-colleagues', 'partition-of-all-others'];
  const shared = (user: string) => knownFor(300, (token) => (token.includes('colleague') ? colleagues : others), user);

  it('asks once who a caller is, and shares answers among those who are alike', async () => {
    edge.context = shared('user:1');
    edge.answer = () => ({ headers: mayBeStored({ vary: 'Accept-Encoding, Authorization, Origin' }) });
    await edge.get(bearer('colleague-1'));
    const second = await edge.get(bearer('colleague-2'));
    expect([second.body, cacheStatus(second)]).toEqual(['answer 1', 'innkeep-edge; hit']);
    expect(second.headers.get('vary')).toBe('Accept-Encoding, Authorization, Origin');
    expect((await edge.get(bearer('somebody-else'))).body).toBe('answer 2');
    await edge.get(bearer('colleague-1'));
    expect(edge.lookups).toEqual(['Bearer colleague-1', 'Bearer colleague-2', 'Bearer somebody-else']);
    expect(edge.asked[0]?.headers['x-tenant-partition']).toBe(colleagues);
  });

  it('asks again when what it knows of the caller was purged', async () => {
    edge.context = shared('user:7');
    await edge.get(bearer('colleague-3'));
    expect((await edge.get(bearer('colleague-3'))).body).toBe('answer 1');
    await edge.purge({ 'xkey-purge': 'user:7' });
    edge.context = () => ({ status: 401 });
    edge.answer = () => ({ status: 401 });
    expect((await edge.get(bearer('colleague-3'))).status).toBe(401);
  });

  it.each([
    ['is refused', () => ({ status: 401 })],
    ['ends in an error', () => ({ status: 500 })],
    ['tells no partition', () => ({ headers: { 'cdn-cache-control': 'max-age=60' } })],
    [
      'tells one that cannot be',
      () => ({ headers: { 'x-tenant-partition': 'x y', 'cdn-cache-control': 'max-age=60' } }),
    ],
  ])('stores nothing when the lookup %s', async (_how, context) => {
    edge.context = context;
    for (let time = 0; time < 2; time++) {
      const answer = await edge.get(bearer(`unknown-${edge.path}`));
      expect([answer.status, cacheStatus(answer)]).toEqual([200, 'innkeep-edge; fwd=bypass']);
    }
    expect(edge.asked).toHaveLength(2);
    expect(edge.asked[0]?.headers['x-tenant-partition']).toBeUndefined();
  });

  it('asks for neither more nor less than the client did when it has asked who it is', async () => {
    const path = `${edge.path}?b=2&a=1`;
    const wanted = { 'innkeep-min-position': '4', 'accept-language': 'pt' };
    await edge.get(bearer(`new-${edge.path}`, wanted), path);
    expect(edge.asked[0]).toMatchObject({ method: 'GET', url: `${edge.path}?a=1&b=2`, headers: wanted });
    expect((await edge.get(bearer(`new-${edge.path}`), path, 'HEAD')).status).toBe(200);
    expect(edge.asked).toHaveLength(1);
    const same = await edge.get(bearer(`new-${edge.path}`, { 'if-none-match': 'W/"5"' }), path);
    expect(same.status).toBe(304);
  });

  it('lets nobody from outside ask, whatever way it is spelt', async () => {
    for (const url of ['/v1/edge/context', '/v1/edge', '/v1/edge/context?x', '//v1/edge/context', '/v1//edge/context'])
      expect({ url, status: (await edge.get(bearer('a'), url)).status }).toEqual({ url, status: 404 });
    expect(edge.lookups).toEqual([]);
  });
});
