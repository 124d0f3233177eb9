import { eventually } from '@innkeep/testing';
import {
  type Answer,
  SharedInnkeep,
  type Member,
  type Page,
  type Property,
  type Transaction,
  signInAgain,
} from './system';
import { expectProblem } from './system/expect-problem';
import { routes } from './system/route-expectations';
import { type Scene, setScene } from './system/scene';

interface Parameter {
  readonly name: string;
  readonly schema: { readonly items?: { readonly enum?: readonly string[] } };
}
interface Document {
  readonly paths: Record<string, Record<string, { readonly parameters?: readonly Parameter[] }>>;
}

const day = '2026-03-10';

describe('fields=', () => {
  const innkeep = new SharedInnkeep();
  let scene: Scene;
  let documented: Document;
  let member: Member;
  /** Where the paths of the document lead to something. */
  const addresses = new Map<string, string>();

  beforeAll(async () => {
    scene = await setScene(innkeep);
    documented = (await innkeep.anybody.get('/openapi.json')).as<Document>(200);
    const { owner, property } = scene;
    // Something in every list: also in those that look at one day, and in what operators did.
    await owner.recordApproved('revenue', property.id, { occurredAt: `${day}T12:00:00Z` });
    const { position } = await owner.recordApproved('expense', property.id, { occurredAt: `${day}T12:00:00Z` });
    await owner.getAfter(position, `/v1/reports/date-transactions?propertyId=${property.id}&date=${day}`);
    const around = { arrivesOn: day, departsOn: '2026-03-11', checkedInAt: `${day}T12:00:00Z` };
    await owner.checkIn(property.id, around);
    const leaving = { arrivesOn: '2026-03-09', departsOn: day, checkedInAt: '2026-03-09T12:00:00Z' };
    await owner.checkIn(property.id, leaving);
    const { ids } = scene;
    for (const make of [ids.apiKey, ids.unit, ids.closedDay, ids.category, ids.import, ids.tax, ids.approvalRule])
      await make();
    for (const make of [ids.task, ids.document, ids.reportExport, ids.shift, ids.correction, ids.invitation])
      await make();
    const approval = `/v1/staff/leave-requests/${await ids.leaveRequest()}/approval`;
    (await owner.put(approval, { decision: 'approved', reason: 'so it is' })).expect(200);
    for (const path of withFields()) addresses.set(path, await addressOf(path));
    addresses.set('/v1/staff/leave-statistics', `/v1/staff/leave-statistics?year=2032&propertyId=${property.id}`);
    const receipt = await eventually(async () => {
      const { data } = (await owner.get('/v1/cache/purges')).as<{ data: { id: string; cause: object | null }[] }>(200);
      return data.find(({ cause }) => cause !== null)!.id;
    });
    addresses.set('/v1/cache/purges/{id}', `/v1/cache/purges/${receipt}`);
    const operator = scene.client('operator');
    const status = `/v1/system/organizations/${owner.organizationId}/status`;
    for (const wanted of ['suspended', 'active'])
      (await operator.put(status, { status: wanted, reason: 'To have something to list' })).expect(200);
    // Whoever was signed in before is not any more.
    member = await signInAgain(innkeep.anybody, owner);
  });

  const declared = (path: string) =>
    documented.paths[path]?.get?.parameters?.find(({ name }) => name === 'fields')?.schema.items?.enum;
  const withFields = () => Object.keys(documented.paths).filter((path) => declared(path));
  const addressOf = async (path: string): Promise<string> => {
    const route = routes[`GET ${path}`]!;
    if (route === 'open') throw new Error(`${path} is open`);
    const asked = (await route.ask(scene.ids)).path;
    return path === '/v1/reports/daily-report' ? `${asked}&expand=transactions` : asked;
  };
  const add = (address: string, parameter: string) => address + (address.includes('?') ? '&' : '?') + parameter;
  const namesIn = (answer: Answer): string[] => {
    const body = answer.as<{ data?: object[] }>(200);
    return body.data ? [...new Set(body.data.flatMap(Object.keys))] : Object.keys(body);
  };

  it('is offered by all lists and reports', () => {
    // Who waits for what happens is answered with what was missed, whole.
    const pathsWith = (name: string) =>
      Object.keys(documented.paths).filter(
        (path) =>
          !path.endsWith('/realtime/subscribe') &&
          // What operators are answered is for people, and few.
          !path.startsWith('/v1/system/') &&
          documented.paths[path]!.get?.parameters?.some((parameter) => parameter.name === name),
      );
    const reports = Object.keys(documented.paths).filter((path) =>
      /^\/v1\/(reports|dashboard|analytics)(?!\/realtime)/.test(path),
    );
    const without = [...pathsWith('cursor'), ...reports].filter((path) => !withFields().includes(path));
    expect(without).toEqual([]);
    expect(withFields().length).toBeGreaterThan(15);
  });

  it('offers on each route exactly what the route answers', async () => {
    for (const path of withFields()) {
      const address = addresses.get(path)!;
      const names = declared(path)!;
      const answer = await eventually(async () => {
        const read = await member.get(address);
        expect([path, namesIn(read).sort()]).toEqual([path, [...names].sort()]);
        return read;
      });
      expect(answer.headers.get('x-fields-available')).toBe(names.join(', '));
      expect(answer.headers.get('x-fields-returned')).toBeNull();
    }
  });

  it('leaves each field of each route alone, as it stands in the whole answer', async () => {
    for (const path of withFields()) {
      const address = addresses.get(path)!;
      for (const name of declared(path)!) {
        const answer = await member.get(add(address, `fields=${name}`));
        expect([path, namesIn(answer)]).toEqual([path, [name]]);
        expect(answer.headers.get('x-fields-returned')).toBe(name);
      }
    }
  });

  it('refuses names that are unknown or given twice, on every route', async () => {
    for (const path of withFields()) {
      const address = addresses.get(path)!;
      const [name] = declared(path)!;
      for (const wrong of ['passwordHash', `${name},${name}`, '', '__proto__', `${name}.${name}`, 'organization_id']) {
        const answer = await member.get(add(address, `fields=${wrong}`));
        expectProblem(`${path} ${wrong}`, answer, 400, 'unknown-field');
        expect(answer.problem.errors![0]!.pointer).toBe('fields');
      }
      const twice = await member.get(add(address, `fields=${name}&fields=${name}`));
      expectProblem(path, twice, 400, 'invalid-request');
    }
  });

  it('is unknown where it is not offered, and says nothing to who may not ask', async () => {
    const { stranger, property } = scene;
    expectProblem('POST', await member.post('/v1/properties?fields=id', {}), 400, 'invalid-request');
    const address = `/v1/finance/expenses?propertyId=${property.id}&fields=`;
    expectProblem('nobody', await innkeep.anybody.get(`${address}id`), 401, 'authentication-required');
    expectProblem('a stranger', await stranger.get(`${address}id`), 404, 'not-found');
  });

  it('keeps answers apart, in memory and by ETag, and pages go on', async () => {
    const whole = await member.get('/v1/properties');
    const some = await member.get('/v1/properties?fields=name');
    expect(some.etag).not.toBe(whole.etag);
    await eventually(async () => {
      const kept = await member.get('/v1/properties?fields=name');
      expect(kept.headers.get('cache-status')).toBe('innkeep-memory; hit');
      expect([kept.text, kept.etag, kept.headers.get('x-fields-returned')]).toEqual([some.text, some.etag, 'name']);
    });
    const first = (await member.get('/v1/properties?limit=1&fields=name')).as<Page<Property>>(200);
    const next = await member.get(`/v1/properties?limit=1&fields=id&cursor=${first.nextCursor}`);
    expect(next.as<Page<Property>>(200).data).toEqual([{ id: scene.other.id }]);
  });

  it('is for reports what they hold when it is there: what is expanded', async () => {
    const { property } = scene;
    const report = `/v1/reports/daily-report?propertyId=${property.id}&date=${day}`;
    const expanded = await member.get(`${report}&expand=transactions&fields=transactions,netCents`);
    const { transactions } = expanded.as<{ transactions: Transaction[] }>(200);
    expect(transactions.map(({ kind }) => kind).sort()).toEqual(['expense', 'revenue']);
    expect(expanded.headers.get('x-fields-returned')).toBe('transactions, netCents');
    const plain = await member.get(`${report}&fields=transactions,netCents`);
    expect(Object.keys(plain.as(200))).toEqual(['netCents']);
    expect(plain.headers.get('x-fields-returned')).toBe('netCents');
    expectProblem('expand', await member.get(`${report}&expand=owner`), 400, 'invalid-request');
  });
});
