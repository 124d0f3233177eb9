import { eventually } from '@innkeep/testing';
import {
  ApiClient,
  InnkeepUnderTest,
  type Member,
  type Page,
  type Property,
  type Transaction,
  newKey,
  signUp,
} from './system';

interface Issued {
  readonly id: string;
  readonly key: string;
  readonly actorId: number;
}

interface Listed {
  readonly id: string;
  readonly hint: string;
  readonly lastUsedAt: string | null;
}

describe('an API key', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let property: Property;
  let other: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    [property, other] = [await owner.addProperty(), await owner.addProperty({ name: 'The other house' })];
  });

  const issue = async (particulars: Record<string, unknown> = {}, by = owner) => {
    const body = { name: 'Accounting', role: 'manager', scopes: ['finance:read'], propertyIds: null, ...particulars };
    return (await by.post('/v1/api-keys', body)).as<Issued>(201);
  };
  const clientOf = ({ key }: Issued) => new ApiClient(innkeep.url, key);
  const expenseOf = (propertyId: number) => ({ propertyId, amountCents: 100, description: 'By a program' });
  const listed = async (id: string) =>
    (await owner.get('/v1/api-keys')).as<Page<Listed>>(200).data.find((one) => one.id === id);

  it('opens the areas of its scopes, to read or to write, and no others', async () => {
    const reader = clientOf(await issue());
    expect((await reader.get('/v1/finance/expenses')).status).toBe(200);
    const refused = await reader.post('/v1/finance/expenses', expenseOf(property.id));
    expect(refused.expect(403).problem.detail).toContain('finance:write');
    expect((await reader.get('/v1/properties')).status).toBe(403);
    const writer = await issue({ scopes: ['finance:read', 'finance:write', 'properties:read'] });
    const recorded = await clientOf(writer).post('/v1/finance/expenses', expenseOf(property.id));
    expect(recorded.as<Transaction & { recordedBy: number }>(201).recordedBy).toBe(writer.actorId);
    expect((await clientOf(writer).get('/v1/properties')).status).toBe(200);
  });

  it('is held to its role and its properties', async () => {
    const auditor = clientOf(await issue({ role: 'auditor', scopes: ['finance:write'] }));
    expect((await auditor.post('/v1/finance/expenses', expenseOf(property.id))).status).toBe(403);
    const limited = clientOf(await issue({ scopes: ['finance:write', 'properties:read'], propertyIds: [other.id] }));
    expect((await limited.post('/v1/finance/expenses', expenseOf(property.id))).status).toBe(422);
    expect((await limited.post('/v1/finance/expenses', expenseOf(other.id))).status).toBe(201);
    const seen = (await limited.get('/v1/properties')).as<Page<Property>>(200);
    expect(seen.data.map(({ id }) => id)).toEqual([other.id]);
  });

  it('never opens what belongs to people, or to operators', async () => {
    const scopes = ['finance:read', 'finance:write', 'properties:read', 'properties:write'];
    const client = clientOf(await issue({ scopes }));
    for (const path of ['/v1/auth/me', '/v1/auth/sessions', '/v1/users', '/v1/api-keys'])
      expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    expect((await client.get('/v1/system/projections')).status).toBe(401);
    for (const area of ['users', 'auth', 'api-keys', 'system', 'nothing']) {
      const body = { name: 'All', role: 'manager', scopes: [`${area}:read`], propertyIds: null };
      const answer = await owner.post('/v1/api-keys', body);
      expect([area, answer.status, answer.problem.errors![0]!.pointer]).toEqual([area, 400, '/scopes/0']);
    }
  });

  it('is made by owners, for properties of their own', async () => {
    const manager = await owner.invite('manager');
    const body = { name: 'Mine', role: 'manager', scopes: ['finance:read'], propertyIds: null };
    expect((await manager.post('/v1/api-keys', body)).status).toBe(403);
    const stranger = await signUp(innkeep.anybody);
    const theirs = await stranger.post('/v1/api-keys', { ...body, propertyIds: [property.id] });
    expect(theirs.expect(422).problem.code).toBe('property-unknown');
  });

  it('stops working soon after it is revoked, also where it was used a moment ago', async () => {
    const issued = await issue();
    const client = clientOf(issued);
    for (let n = 0; n < 2; n++) expect((await client.get('/v1/finance/expenses')).status).toBe(200);
    (await owner.delete(`/v1/api-keys/${issued.id}`)).expect(204);
    (await owner.delete(`/v1/api-keys/${issued.id}`)).expect(404);
    await eventually(async () =>
      expect((await client.get('/v1/finance/expenses')).expect(401).problem.code).toBe('token-invalid'),
    );
    expect(await listed(issued.id)).toBeUndefined();
  });

  it('stops working when its time is over', async () => {
    const issued = await issue({ expiresAt: '2100-01-01T00:00:00Z' });
    await innkeep.database.asAdmin(
      `update identity.api_keys set expires_at = now() - interval '1 second' where id = $1`,
      [issued.id],
    );
    expect((await clientOf(issued).get('/v1/finance/expenses')).expect(401).problem.code).toBe('token-invalid');
    const past = { name: 'Past', role: 'auditor', scopes: ['finance:read'], propertyIds: null };
    const answer = await owner.post('/v1/api-keys', { ...past, expiresAt: '2020-01-01T00:00:00Z' });
    expect(answer.expect(400).problem.errors![0]!.pointer).toBe('/expiresAt');
  });

  it('is refused when it is misspelt or unknown', async () => {
    const { key } = await issue();
    const swapped = key.at(-1) === '0' ? '1' : '0';
    for (const wrong of [`${key.slice(0, -1)}${swapped}`, key.slice(0, -3), `${key}x`, 'ink_'])
      expect((await new ApiClient(innkeep.url, wrong).get('/v1/finance/expenses')).status).toBe(401);
  });

  it('is listed with when it was last used, and never again itself', async () => {
    const issued = await issue();
    expect(await listed(issued.id)).toMatchObject({ hint: issued.key.slice(0, 8), lastUsedAt: null });
    (await clientOf(issued).get('/v1/finance/expenses')).expect(200);
    // Uses are noted every half minute, and when the process ends.
    await innkeep.api.stop();
    await innkeep.api.start();
    expect((await listed(issued.id))?.lastUsedAt).toMatch(/^\d{4}-.*Z$/);
    const everything = await innkeep.database.asAdmin<{ text: string }>(`
      select k::text as text from identity.api_keys k union all select d::text from directory.api_keys d
      union all select l::text from events.log l union all select r::text from http.idempotency_records r`);
    for (const { text } of everything) expect(text.includes(issued.key)).toBe(false);
    for (const { lines } of innkeep.all) expect(lines.some((line) => line.includes(issued.key))).toBe(false);
  });

  it('has idempotency keys of its own', async () => {
    const [one, another] = [await issue({ scopes: ['finance:write'] }), await issue({ scopes: ['finance:write'] })];
    const headers = newKey();
    const record = (issued: Issued) => clientOf(issued).post('/v1/finance/expenses', expenseOf(property.id), headers);
    const [first, again, other] = [await record(one), await record(one), await record(another)];
    expect(again.text).toBe(first.text);
    expect(other.as<Transaction>(201).id).not.toBe(first.as<Transaction>(201).id);
  });

  it('counts for the limits by itself', async () => {
    await innkeep.api.stop();
    await innkeep.api.start({ RATE_LIMIT_READ_USER: '3' });
    const read = (client: ApiClient, n: number) => client.get(`/v1/finance/expenses?limit=${n}`);
    const [busy, idle] = [clientOf(await issue()), clientOf(await issue())];
    let refused = 0;
    for (let n = 1; n <= 100 && refused === 0; n++) if ((await read(busy, n)).status === 429) refused = n;
    expect(refused).toBeGreaterThan(3);
    expect((await read(idle, 101)).status).toBe(200);
  });
});
