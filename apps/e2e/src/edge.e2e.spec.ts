import { type RunningVarnish, eventually, startVarnish, varnishAvailable } from '@innkeep/testing';
import { type Answer, ApiClient, InnkeepUnderTest, type Member, signUp } from './system';
import { image } from './system/document-images';
import { FileDesk } from './system/file-desk';
import { pdf } from './system/files';

const internal =
  /^(surrogate-|cdn-cache-control$|cache-tag|xkey|x-varnish$|via$|age$|x-edge|x-org-key$|x-tenant|innkeep-edge)/;

const cacheStatus = ({ headers }: Answer) => headers.get('cache-status') ?? '';
const received = (answer: Answer) => answer.as<{ totalReceivedCents: number }>(200).totalReceivedCents;

// On a laptop without Varnish there is nothing to test; where CI is set it must be there.
(varnishAvailable() || process.env.CI ? describe : describe.skip)('through the edge', () => {
  let varnish: RunningVarnish;
  const innkeep: InnkeepUnderTest = new InnkeepUnderTest({
    environment: async ({ api }) => {
      varnish = await startVarnish({ originPort: api });
      innkeep.atEnd(() => varnish.stop());
      return { CDN_PROVIDER: 'varnish', VARNISH_URLS: varnish.purgeUrl };
    },
  });
  let owner: Member;
  let propertyId: number;
  let path: string;

  beforeAll(async () => {
    owner = (await signUp(innkeep.anybody)).through(varnish.url);
  });
  beforeEach(async () => {
    propertyId = (await owner.addProperty()).id;
    path = `/v1/reports/monthly-report?propertyId=${propertyId}&year=2026&month=3`;
  });

  const receive = (amountCents = 1_000) =>
    owner.recordApproved('revenue', propertyId, { amountCents, occurredAt: '2026-03-10T12:00:00Z' });

  /** Waits until the report comes from the edge, with this total; answers with it. */
  const becomesHit = (total: number): Promise<Answer> =>
    eventually(async () => {
      const answer = await owner.get(path);
      expect(received(answer)).toBe(total);
      expect(cacheStatus(answer)).toMatch(/innkeep-edge; hit/);
      return answer;
    });

  /** Asks for the report, without saying which state it should show, until it shows this total. */
  const becomesFresh = (total: number): Promise<void> =>
    eventually(async () => expect(received(await owner.get(path))).toBe(total));

  it('a report comes from the origin first and from the edge after', async () => {
    const { position } = await receive();
    const first = await owner.getAfter(position, path);
    expect(cacheStatus(first)).toMatch(/innkeep-edge; fwd=/);
    expect(cacheStatus(first)).not.toContain('hit');
    const hit = await becomesHit(1_000);
    expect(hit.bytes.equals(first.bytes)).toBe(true);
    expect(hit.headers.get('cache-control')).toBe('private, no-cache');
    expect(hit.position).toBeGreaterThanOrEqual(position);
    const same = await owner.get(path, { 'if-none-match': hit.etag });
    expect(same.expect(304).bytes).toHaveLength(0);
    expect(cacheStatus(same)).toContain('hit');
  });

  it('a report is fresh soon after a revenue was approved, and at once for who approved it', async () => {
    await receive();
    await becomesHit(1_000);
    const { position } = await receive();
    expect(received(await owner.getAfter(position, path))).toBe(2_000);
    await becomesFresh(2_000);
    await becomesHit(2_000);
    // And not before another change does anything make it old again.
    await receive(7);
    await becomesFresh(2_007);
    await becomesHit(2_007);
  });

  it('a purge that was asked for is carried out though Redis forgot everything', async () => {
    await receive();
    await becomesHit(1_000);
    await receive();
    await innkeep.flushRedis();
    await becomesFresh(2_000);
    await becomesHit(2_000);
  });

  it('a purge that was asked for while no worker ran is carried out when one comes', async () => {
    await receive();
    await becomesHit(1_000);
    await innkeep.worker.kill();
    await receive();
    await eventually(async () => {
      const waiting = await innkeep.database.asAdmin(
        `select from edge.purge_asks where repeats_left > 0 and tag like 'reports:monthly:%'`,
      );
      expect(waiting.length).toBeGreaterThan(0);
    });
    await innkeep.worker.start();
    await becomesFresh(2_000);
    await becomesHit(2_000);
  });

  it('is shared by colleagues who see the same, and whose rights change is out within seconds', async () => {
    await receive();
    const [one, other] = [(await owner.invite('auditor')).through(varnish.url), await owner.invite('auditor')];
    expect(cacheStatus((await one.get(path)).expect(200))).toMatch(/fwd=uri-miss; stored/);
    await eventually(async () => expect(cacheStatus(await one.get(path))).toContain('hit'));
    expect(cacheStatus(await other.through(varnish.url).get(path))).toContain('hit');
    await owner.patch(`/v1/users/${one.userId}`, { role: 'staff' });
    await eventually(async () => expect((await one.get(path)).status).toBe(401));
    await eventually(async () => expect(cacheStatus(await other.through(varnish.url).get(path))).toContain('hit'));
  });

  it('is never given to another role, nor to another organization, nor to nobody', async () => {
    await receive();
    await becomesHit(1_000);
    const manager = (await owner.invite('manager')).through(varnish.url);
    const limited = (await owner.invite('manager', [(await owner.addProperty()).id])).through(varnish.url);
    const stranger = (await signUp(innkeep.anybody)).through(varnish.url);
    const own = await manager.get(path);
    expect(cacheStatus(own.expect(200))).toMatch(/innkeep-edge; fwd=uri-miss/);
    for (const other of [limited, stranger]) {
      const answer = await other.get(path);
      expect(answer.expect(404).headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(cacheStatus(answer)).not.toContain('hit');
    }
    for (const authorization of ['', `Bearer ${owner.token}x`, 'Bearer x']) {
      const answer = await new ApiClient(varnish.url).get(path, { authorization });
      expect(answer.expect(401).problem.status).toBe(401);
    }
    // Whoever it belongs to still has it; a purge that is repeated may have come in between.
    await becomesHit(1_000);
  });

  it('nothing internal comes out', async () => {
    await receive();
    const hit = await becomesHit(1_000);
    const answers = [
      hit,
      await owner.get(path, { 'if-none-match': hit.etag }),
      await owner.get(`${path}&surprise=1`),
      await owner.get('/v1/properties'),
      await owner.get('/v1/nowhere'),
      await owner.get('/openapi.json'),
      await owner.record('expense', propertyId),
      await innkeep.anybody.get('/health/live'),
    ];
    for (const { request, headers } of answers)
      expect([request, [...headers.keys()].filter((name) => internal.test(name))]).toEqual([request, []]);
    // The origin does say these things, to the edge: else there would be nothing to keep back.
    const authorization = `Bearer ${owner.token}`;
    const known = await fetch(`${innkeep.url}/v1/edge/context`, { headers: { authorization } });
    const partition = known.headers.get('x-tenant-partition')!;
    const asEdge = owner.through(innkeep.url);
    const origin = await asEdge.get(path, { 'x-tenant-partition': partition });
    for (const wrong of [undefined, { 'x-tenant-partition': `${partition}x` }])
      expect((await asEdge.get(path, wrong)).headers.get('cdn-cache-control')).toBe('no-store');
    expect(origin.headers.get('surrogate-key')).toContain(`reports:monthly:property:${propertyId}:year:2026:month:03`);
  });

  it('public images are kept for everybody until they are taken away, and files behind a link never', async () => {
    const desk = new FileDesk(innkeep);
    await desk.open();
    const logo = { kind: 'logo', subject: 'organization', mediaType: 'image/jpeg', name: 'sign.jpg' };
    const { id } = await desk.add(await image(), logo);
    const { assetUrl } = await desk.drawn(id);
    const outside = new ApiClient(varnish.url);
    const shown = await eventually(async () => {
      const answer = (await outside.get(assetUrl!)).expect(200);
      expect(cacheStatus(answer)).toBe('innkeep-edge; hit');
      return answer;
    });
    expect(shown.headers.get('cache-control')).toMatch(/^public, max-age=\d+, immutable$/);
    (await desk.owner.delete(`/v1/documents/${id}`)).expect(204);
    await eventually(async () => (await outside.get(assetUrl!)).expect(404));
    const paper = pdf('a receipt');
    const { url } = await desk.linkTo((await desk.add(paper)).id);
    for (let time = 0; time < 2; time++) {
      const part = (await outside.get(url, { range: 'bytes=0-3' })).expect(206);
      expect([part.text, cacheStatus(part)]).toEqual(['%PDF', 'innkeep-edge; fwd=bypass']);
    }
  });

  it('health is never kept, metrics are not for the outside, and a client cannot purge', async () => {
    const outside = new ApiClient(varnish.url);
    for (let time = 0; time < 2; time++)
      expect(cacheStatus((await outside.get('/health/ready')).expect(200))).toBe('innkeep-edge; fwd=bypass');
    expect((await outside.get('/metrics')).status).toBe(404);
    const purge = await outside.send('PURGE', '/', { headers: { 'xkey-purge': `property:${propertyId}` } });
    expect(purge.status).toBe(405);
  });
});
