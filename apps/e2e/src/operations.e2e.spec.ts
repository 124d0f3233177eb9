import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, root } from '@innkeep/testing';
import { ApiClient, InnkeepUnderTest, type Member, type Page, newKey, operator, signUp } from './system';

interface Operation {
  readonly summary?: string;
  readonly operationId: string;
  readonly security?: unknown[];
  readonly description?: string;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

const basic = ({ email, password }: typeof operator) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
});

describe('who runs the system', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let propertyId: number;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody, 'Watched');
    propertyId = (await owner.addProperty()).id;
  });

  const get = (app: { url: string }, path: string) => new ApiClient(app.url).get(path);

  it('is told by each app that it lives, has started and is ready', async () => {
    for (const app of innkeep.all) {
      for (const path of ['/health/live', '/health/ready', '/health/startup']) {
        const answer = (await get(app, path)).expect(200);
        expect(answer.json()).toMatchObject({ status: 'ok' });
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
      expect((await get(app, '/health/ready')).json()).toMatchObject({ details: { database: { status: 'up' } } });
    }
  });

  it('measures requests of each app, with nothing about an organization in the labels', async () => {
    const { position } = await owner.recordApproved('expense', propertyId);
    (await owner.getAfter(position, `/v1/finance/summary?propertyId=${propertyId}`)).expect(200);
    for (const app of innkeep.all) {
      const { text } = (await get(app, '/metrics')).expect(200);
      expect(text).toContain('http_request_duration_seconds_bucket{');
      const labels = [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => `${name}=${value}`);
      expect(
        labels.filter((label) =>
          /organi[sz]ation|tenant|user|email(?!-verification$)|(?<![.\d])\d{4,}|[0-9a-f]{8}-[0-9a-f]{4}/i.test(label),
        ),
      ).toEqual([]);
    }
    const api = (await get(innkeep.api, '/metrics')).text;
    expect(api).toContain('path="/v1/finance/expenses/:id/approval"');
    await eventually(async () => {
      const projector = (await get(innkeep.projector, '/metrics')).text;
      expect(Number(/^projection_events_total (\d+)/m.exec(projector)?.[1])).toBeGreaterThan(0);
      expect(Number(/^projector_owned_buckets (\d+)/m.exec(projector)?.[1])).toBe(1_024);
    });
  });

  it('finds the API described, each operation in its own words', async () => {
    const document = (await innkeep.anybody.get('/openapi.json')).as<Document>(200);
    expect(document.openapi).toMatch(/^3\.1\./);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(30);
    for (const { operationId, summary, security, description } of operations) {
      expect([operationId, Boolean(summary)]).toEqual([operationId, true]);
      expect([operationId, security?.length !== 0 || /Allowed: public/.test(description ?? '')]).toEqual([
        operationId,
        true,
      ]);
    }
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const page = (await innkeep.anybody.get('/docs')).expect(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).toContain('Innkeep API');
  });

  it('sees the queues after signing in as an operator, and nobody else does', async () => {
    const queues = (headers?: Record<string, string>) => innkeep.anybody.get('/admin/queues', headers);
    const { token } = await innkeep.signInOperator();
    const refused = await queues();
    expect(refused.expect(401).headers.get('www-authenticate')).toMatch(/^Basic /);
    for (const headers of [
      basic({ ...operator, password: 'another one entirely' }),
      basic({ email: owner.email, password: 'a river runs by it' }),
      { authorization: `Bearer ${owner.token}` },
      { authorization: `Bearer ${token}` },
      { authorization: 'Basic !' },
    ])
      expect((await queues(headers)).status).toBe(401);
    const page = (await queues(basic(operator))).expect(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const listed = await innkeep.anybody.get('/admin/queues/api/queues', basic(operator));
    const names = listed.as<{ queues: { name: string }[] }>(200).queues.map(({ name }) => name);
    expect(names.sort()).toEqual([
      ...['housekeeping', 'keep-documents', 'make-export', 'purge-cdn', 'refresh-view', 'timed-work'],
    ]);
    expect((await innkeep.anybody.get('/admin/queues/api/queues')).status).toBe(401);
  });

  it('finds the views refreshed by the worker, and sees how fresh they are', async () => {
    const { token } = await innkeep.signInOperator();
    await eventually(async () => {
      const answer = await innkeep.anybody.get('/v1/system/monitoring/views', { authorization: `Bearer ${token}` });
      const { isFresh, data } = answer.as<{ isFresh: boolean; data: Record<string, unknown>[] }>(200);
      expect(isFresh).toBe(true);
      expect(data.map(({ name, everySeconds, isFilled }) => [name, everySeconds, isFilled])).toEqual([
        ['finance.finance_daily_report', 900, true],
        ['finance.finance_daily_summary', 300, true],
        ['finance.finance_monthly_report', 3_600, true],
        ['finance.finance_monthly_summary', 300, true],
      ]);
    });
    const { text } = (await get(innkeep.worker, '/metrics')).expect(200);
    expect(text).toMatch(/^view_age_seconds\{view="finance.finance_daily_summary",shard="shard-1"\} [\d.]+$/m);
    expect(text).toMatch(/^view_refreshes_total\{view="finance.finance_daily_summary",outcome="refreshed"\} \d+$/m);
    expect((await get(innkeep.worker, '/health/ready')).json()).toMatchObject({ details: { views: { status: 'up' } } });
  });

  it('purges what is kept of an organization for its owner, once for each key, with receipts', async () => {
    const stranger = await signUp(innkeep.anybody, 'Strangers');
    const { organizationId } = owner;
    const key = newKey();
    const first = await owner.post(`/v1/cache/purge/property/${propertyId}`, undefined, key);
    expect(first.as<{ tags: string[] }>(202).tags).toEqual([`property:${propertyId}`]);
    const again = await owner.post(`/v1/cache/purge/property/${propertyId}`, undefined, key);
    expect([again.status, again.text, again.position]).toEqual([202, first.text, first.position]);
    (await owner.post(`/v1/cache/purge/org/${organizationId}`)).expect(202);
    const own = `finance:summary:property:${(await owner.addProperty()).id}`;
    (await owner.post('/v1/cache/purge', { keys: [own] })).expect(202);

    const path = '/v1/cache/purges?limit=200';
    type Receipt = { id: string; tags: string[]; cause: { type: string; position: number } | null };
    const receipts = await eventually(async () => {
      const { data } = (await owner.get(path)).as<Page<Receipt>>(200);
      const all = data.flatMap(({ tags }) => tags);
      expect(all).toEqual(expect.arrayContaining([`property:${propertyId}`, `org:${organizationId}`, own]));
      // Nothing else has ever asked for this one, so its receipt tells of the request.
      const asked = data.filter(
        ({ tags, cause }) => tags.includes(`org:${organizationId}`) && cause?.type === 'PurgeRequested',
      );
      expect(asked).not.toEqual([]);
      return asked;
    });
    const [receipt] = receipts;
    expect((await owner.get(`/v1/cache/purges/${receipt!.id}`)).json()).toEqual(
      expect.objectContaining({ id: receipt!.id }),
    );
    expect((await owner.get('/v1/cache/cdn/status')).json()).toMatchObject({
      isHealthy: true,
      families: expect.any(Array),
    });

    (await stranger.get(`/v1/cache/purges/${receipt!.id}`)).expect(404);
    const theirs = (await stranger.get(path)).as<Page<Receipt>>(200).data.flatMap(({ tags }) => tags);
    expect(theirs.filter((tag) => tag.includes(String(propertyId)) || tag.includes(String(organizationId)))).toEqual(
      [],
    );
    (await stranger.post(`/v1/cache/purge/property/${propertyId}`)).expect(404);
    (await stranger.post(`/v1/cache/purge/org/${organizationId}`)).expect(404);
    const refused = await stranger.post('/v1/cache/purge', {
      keys: [`org:${stranger.organizationId}`, `property:${propertyId}`, 'all'],
    });
    expect(refused.expect(422).problem).toMatchObject({
      code: 'cache-tag-unknown',
      errors: [{ pointer: '/keys/1' }, { pointer: '/keys/2' }],
    });
  });

  it('waits for every CDN where an owner asks for that, and shows operators what was purged of whom', async () => {
    const waited = await owner.post(`/v1/cache/purge/property/${propertyId}?wait=true`);
    // A busy machine may need longer than is waited for: the receipts come later then.
    expect([200, 202]).toContain(waited.status);
    const { tags, receipts } = waited.json() as { tags: string[]; receipts: { id: string; tags: string[] }[] };
    expect([tags, waited.headers.get('cache-group-invalidation')]).toEqual([
      [`property:${propertyId}`],
      `"p:${propertyId}"`,
    ]);
    if (waited.status === 200) expect(receipts.flatMap((receipt) => receipt.tags)).toContain(`property:${propertyId}`);

    const { token } = await innkeep.signInOperator();
    const list = async (query: string) =>
      (await innkeep.anybody.get(`/v1/system/cache/purges?${query}`, { authorization: `Bearer ${token}` })).as<
        Page<{ id: string; organizationId: number; tags: string[]; purgedAt: string }>
      >(200);
    const own = `organizationId=${owner.organizationId}&provider=log`;
    await eventually(async () =>
      expect((await list(own)).data.flatMap((receipt) => receipt.tags)).toContain(`property:${propertyId}`),
    );
    const first = await list(`${own}&limit=1`);
    const second = await list(`${own}&limit=1&cursor=${first.nextCursor}`);
    const [one, other] = [first.data[0]!, second.data[0]!];
    expect([one.organizationId, other.organizationId]).toEqual([owner.organizationId, owner.organizationId]);
    expect([one.id !== other.id, one.purgedAt >= other.purgedAt]).toEqual([true, true]);
    expect((await list('provider=fastly')).data).toEqual([]);
  });

  it('can follow a request by its id, and finds no secret in any log', async () => {
    const answer = await innkeep.anybody.get('/v1/properties', { 'x-request-id': 'followed-0001' });
    expect(answer.headers.get('x-request-id')).toBe('followed-0001');
    expect(answer.problem.requestId).toBe('followed-0001');
    expect(await eventually(() => expect(innkeep.api.lines.join('\n')).toContain('"followed-0001"'))).toBeUndefined();
    const invented = await innkeep.anybody.get('/v1/properties', { 'x-request-id': 'no id { at all' });
    expect(invented.problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const logs = innkeep.all.flatMap(({ lines }) => lines).join('\n');
    for (const secret of [
      owner.token!,
      owner.session.refreshToken,
      'a river runs by it',
      owner.email,
      operator.password,
    ])
      expect([secret, logs.includes(secret)]).toEqual([secret, false]);
  });

  it('stops each app by SIGTERM: what runs is finished, and the exit code is 0', async () => {
    const list = `/v1/finance/revenues?propertyId=${propertyId}&limit=200`;
    const requests = Array.from({ length: 12 }, (_, index) => ({
      key: newKey(),
      body: { propertyId, amountCents: index + 1, description: 'Cut off' },
    }));
    const send = ({ key, body }: (typeof requests)[number]) => owner.post('/v1/finance/revenues', body, key);
    const sent = requests.map((request) => send(request).catch(() => undefined));
    expect(await innkeep.api.stop()).toBe(0);
    const answered = (await Promise.all(sent)).filter((answer) => answer !== undefined);
    expect(answered.filter(({ status }) => status !== 201 && status !== 503)).toEqual([]);
    await innkeep.api.start();
    for (const request of requests) (await send(request)).expect(201);
    expect((await owner.get(list)).as<Page<unknown>>(200).data).toHaveLength(requests.length);

    expect(await innkeep.projector.stop()).toBe(0);
    expect(await innkeep.worker.stop()).toBe(0);
    await Promise.all([innkeep.projector.start(), innkeep.worker.start()]);
    const { position } = await owner.recordApproved('expense', propertyId, { occurredAt: '2026-03-10T12:00:00Z' });
    const report = `/v1/reports/daily-report?propertyId=${propertyId}&date=2026-03-10`;
    await eventually(async () =>
      expect((await owner.getAfter(position, report)).position).toBeGreaterThanOrEqual(position),
    );
  });

  it.each(['api', 'projector', 'worker'])('is told what is missing when the %s is started without it', async (app) => {
    const child = spawn(process.execPath, [join(root, `dist/apps/${app}/src/main.js`)], {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(said).toContain('DATABASE_URL');
    expect(said).toContain('REDIS_URL');
    expect(said).not.toContain('    at ');
  });
});
