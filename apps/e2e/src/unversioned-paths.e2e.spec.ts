import { eventually } from '@innkeep/testing';
import {
  type Answer,
  ApiClient,
  SharedInnkeep,
  type Member,
  type Property,
  type Transaction,
  newKey,
  signUp,
} from './system';
import { expectProblem } from './system/expect-problem';
import { page } from './system/system-environment';

describe('a path without a version', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty();
  });

  const said = ({ headers }: Answer) => ['deprecation', 'sunset', 'link'].map((name) => headers.get(name));
  const announced = (path: string) => [
    expect.stringMatching(/^@\d+$/),
    expect.stringMatching(/ GMT$/),
    `<${path}>; rel="successor-version"`,
  ];

  it('is answered as the one with it, which says nothing of an end', async () => {
    for (const path of [
      `/finance/expenses?propertyId=${property.id}`,
      `/finance/revenues?limit=3&fields=id`,
      `/finance/summary?propertyId=${property.id}`,
      `/reports/daily-report?propertyId=${property.id}&date=2026-03-10`,
    ]) {
      // A property is known to all who read of it only after a moment.
      const successor = await eventually(async () => (await owner.get(`/v1${path}`)).expect(200));
      const old = await owner.get(path);
      expect([old.status, old.text, old.etag]).toEqual([200, successor.text, successor.etag]);
      expect(said(old)).toEqual(announced(`/v1${path.split('?')[0]}`));
      expect(said(successor)).toEqual([null, null, null]);
      const [, sunset] = said(old);
      expect(Date.parse(sunset!)).toBeGreaterThan(Number(said(old)[0]!.slice(1)) * 1_000);
    }
  });

  it('gets what is kept in memory, one answer for both', async () => {
    const path = `/finance/expenses?propertyId=${property.id}&limit=9`;
    const isHit = ({ headers }: Answer) => expect(headers.get('cache-status')).toBe('innkeep-memory; hit');
    await eventually(async () => isHit(await owner.get(`/v1${path}`)));
    await eventually(async () => {
      const old = await owner.get(path);
      isHit(old);
      expect(said(old)).toEqual(announced('/v1/finance/expenses'));
      const unchanged = await owner.get(path, { 'if-none-match': old.etag });
      expect([unchanged.status, ...said(unchanged)]).toEqual([304, ...announced('/v1/finance/expenses')]);
    });
  });

  it('takes changes, each once under either path', async () => {
    const body = { propertyId: property.id, amountCents: 450, description: 'Soap' };
    const key = newKey();
    const old = await owner.post('/finance/expenses', body, key);
    expect(said(old.expect(201))).toEqual(announced('/v1/finance/expenses'));
    const again = await owner.post('/v1/finance/expenses', body, key);
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([old.text, 'true']);
    const { id } = old.as<Transaction>(201);
    expect(said(await owner.get(`/finance/expenses/${id}`))).toEqual(announced(`/v1/finance/expenses/${id}`));
  });

  it('is guarded as the one with it', async () => {
    const stranger = await signUp(innkeep.anybody);
    expectProblem('nobody', await innkeep.anybody.get('/finance/expenses'), 401, 'authentication-required');
    const theirs = await stranger.get(`/finance/expenses?propertyId=${property.id}`);
    expectProblem('a stranger', theirs, 404, 'not-found');
    const put = await owner.put('/finance/expenses', {});
    expectProblem('PUT', put, 405, 'method-not-allowed');
    const preflight = await innkeep.anybody.send('OPTIONS', '/finance/expenses', {
      headers: { origin: page, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
  });

  it.each([
    '/auth/me',
    '/users',
    '/properties',
    '/finance/nothing',
    '/finance',
    '/v1finance/expenses',
    '/finance//expenses',
  ])('%s: never was one', async (path) => {
    const answer = await owner.get(path);
    expectProblem(path, answer, 404, 'not-found');
    expect(said(answer)).toEqual([null, null, null]);
  });

  it('is not documented', async () => {
    const { paths } = (await innkeep.anybody.get('/openapi.json')).as<{ paths: object }>(200);
    expect(Object.keys(paths).filter((path) => /^\/(finance|reports)\//.test(path))).toEqual([]);
  });
});

describe('where events were once given', () => {
  const innkeep = new SharedInnkeep();
  const paths = ['/finance/events/subscribe', '/v1/finance/events/subscribe'];

  it('is gone, for everybody', async () => {
    const owner = await signUp(innkeep.anybody);
    for (const path of paths) {
      expectProblem(path, await innkeep.anybody.get(path), 410, 'gone');
      expectProblem(path, await owner.get(path), 410, 'gone');
    }
  });

  it('is nothing yet where the setting is on', async () => {
    const { url } = await innkeep.startAnotherApi({ LEGACY_EVENTS: 'on' });
    for (const path of paths) expectProblem(path, await new ApiClient(url).get(path), 404, 'not-found');
  });
});
