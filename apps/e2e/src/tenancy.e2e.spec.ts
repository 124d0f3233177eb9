import { PublishedDocument } from './system/published-document';
import { authorizationTable } from './system/authorization-table';
import { StatementPlans } from './system/statement-plans';
import { type Asked, type RouteExpectation, routes } from './system/route-expectations';
import {
  type Answer,
  InnkeepUnderTest,
  type Member,
  type Page,
  type Property,
  type Transaction,
  signUp,
} from './system';
import { type Actor, type Scene, actors, setScene } from './system/scene';

interface Document {
  readonly paths: Record<string, Record<string, { security?: unknown[]; responses: Record<string, unknown> }>>;
}

const securityOf = (rules: RouteExpectation | 'open') => {
  if (rules === 'open') return [];
  return [rules.statuses.operator < 300 ? { operatorToken: [] } : { accessToken: [] }];
};

/** Members see who belongs to their organization, what it is called and what it has laid down, whatever they look after in it. */
const showsTheOrganization = (actor: Actor, name: string) =>
  actor === 'elsewhere' &&
  [
    'GET /v1/auth/me',
    'GET /v1/bootstrap/static',
    'GET /v1/finance/categories',
    'GET /v1/finance/taxes',
    'GET /v1/users',
    'PATCH /v1/finance/categories/{id}',
  ].includes(name);

/** What two answers have in common if nothing can be learnt from the difference. */
function whatIsTold({ status, text, headers }: Answer, ids: readonly (string | number)[]): unknown {
  const own = ids.reduce<string>((told, id) => told.replaceAll(String(id), '<id>'), text);
  return { status, type: headers.get('content-type'), told: own.replace(/"requestId":"[^"]*"/, '') };
}

describe('between organizations', () => {
  let plans: StatementPlans;
  const innkeep = new InnkeepUnderTest({
    environment: async () => {
      plans = await StatementPlans.of(innkeep.database, 'innkeep_api');
      return {};
    },
  });
  let scene: Scene;
  let documented: Document;
  let published: PublishedDocument;
  const answered = new Map<string, number>();

  beforeAll(async () => {
    scene = await setScene(innkeep);
    const text = (await innkeep.anybody.get('/openapi.json')).expect(200).text;
    documented = JSON.parse(text) as Document;
    published = new PublishedDocument(text);
  });

  afterAll(() => {
    const table = authorizationTable((name, actor) => answered.get(`${name} ${actor}`) ?? NaN);
    process.stderr.write(`\nWho may do what, as it was answered\n\n${table}\n`);
  });

  it('every documented route is in the table, and no other', () => {
    const operations = Object.entries(documented.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(Object.keys(routes).sort());
  });

  it('every route that is not open is documented to need an access token, and no other', () => {
    for (const [name, rules] of Object.entries(routes)) {
      const [method, path] = name.split(' ') as [string, string];
      const { security } = documented.paths[path]![method.toLowerCase()]!;
      expect([name, security]).toEqual([name, securityOf(rules)]);
    }
  });

  it('every route is documented with the status that it answers', () => {
    for (const [name, rules] of Object.entries(routes)) {
      const [method, path] = name.split(' ') as [string, string];
      const documentedStatuses = Object.keys(documented.paths[path]![method.toLowerCase()]!.responses);
      if (rules === 'open') continue;
      const success = rules.documented ?? Object.values(rules.statuses).find((status) => status < 300);
      const expected = [success, rules.alsoDocumented].filter((status) => status !== undefined).map(String);
      expect([name, documentedStatuses.filter((status) => status < '300')]).toEqual([name, expected.sort()]);
    }
  });

  const closed = Object.entries(routes).filter(
    (entry): entry is [string, Exclude<(typeof entry)[1], 'open'>] => entry[1] !== 'open',
  );

  describe.each(closed)('%s', (name, { ask, statuses, check, endsSession }) => {
    const method = name.split(' ')[0]!;
    const clientOf = (actor: Actor) => (endsSession ? scene.newSession(actor) : scene.client(actor));
    const send = async (actor: Actor, asked: Asked) => (await clientOf(actor)).send(method, asked.path, asked);

    it.each(actors)('answers %s as it should', async (actor) => {
      const answer = await send(actor, await ask(scene.ids));
      answered.set(`${name} ${actor}`, answer.status);
      answer.expect(statuses[actor]);
      expect(published.headerProblemsOf(method, answer.request.split(' ')[1]!, answer.status, answer.headers)).toEqual(
        [],
      );
      if (answer.status >= 400) expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      if (actor === 'stranger' || actor === 'elsewhere') {
        check?.(answer);
        if (!showsTheOrganization(actor, name)) expect(answer.text).not.toContain(scene.marker);
      }
    });

    it('looks at the preconditions that it is documented to look at', async () => {
      const asked = await ask(scene.ids);
      const condition: Record<string, string> = method === 'GET' ? { 'if-none-match': '*' } : { 'if-match': '"0"' };
      const isTaken = published.takesHeader(name, method === 'GET' ? 'If-None-Match' : 'If-Match');
      if (!isTaken && method !== 'GET') return;
      const { status } = await send(statuses.owner < 300 ? 'owner' : 'operator', {
        ...asked,
        headers: { ...asked.headers, ...condition },
      });
      if (isTaken) expect(status).toBe(method === 'GET' ? 304 : 412);
      else expect(status).not.toBe(304);
    });

    it('tells a stranger the same of what is here as of what is nowhere', async () => {
      const [here, nowhere] = [await ask(scene.ids), await ask(scene.nowhere)];
      const told = await Promise.all([send('stranger', here), send('stranger', nowhere)]);
      if (told[0].status < 300 && !check) return;
      expect(whatIsTold(told[0], here.ids)).toEqual(whatIsTold(told[1], nowhere.ids));
    });
  });

  it('no statement of the API reads rows of a tenant’s table but by an index that its organization leads', async () => {
    const { plans: count, wandering } = await plans.look();
    expect(count).toBeGreaterThan(1_000);
    expect(wandering).toEqual([]);
  });

  describe('a member limited to some properties', () => {
    it('finds only these in every list', async () => {
      const { elsewhere, owner, other } = scene;
      const there = (await owner.record('expense', other.id)).as<Transaction>(201);
      const properties = (await elsewhere.get('/v1/properties')).as<Page<Property>>(200);
      expect(properties.data.map(({ id }) => id)).toEqual([other.id]);
      const expenses = (await elsewhere.get('/v1/finance/expenses')).as<Page<Transaction>>(200);
      expect(expenses.data.map(({ id }) => id)).toEqual([there.id]);
      expect((await owner.get('/v1/finance/expenses')).as<Page<Transaction>>(200).data.length).toBeGreaterThan(1);
      const mine = (await elsewhere.get('/v1/users/properties')).as<{ properties: unknown }>(200);
      expect(mine.properties).toEqual([other.id]);
    });

    it('gets no answer that was kept for somebody who sees more', async () => {
      const { elsewhere, owner } = scene;
      const read = async (member: Member) => (await member.get('/v1/finance/revenues?limit=200')).expect(200);
      const [all] = [await read(owner), await read(owner)];
      const some = await read(elsewhere);
      expect(all.text).toContain(scene.marker);
      expect(some.text).not.toContain(scene.marker);
      expect((await elsewhere.get('/v1/finance/revenues?limit=200', { 'if-none-match': all.etag })).status).toBe(200);
    });

    it('cannot use the cursor of another organization', async () => {
      const { owner, stranger } = scene;
      const { nextCursor } = (await owner.get('/v1/properties?limit=1')).as<Page<Property>>(200);
      const answer = await stranger.get(`/v1/properties?limit=1&cursor=${nextCursor}`);
      expect(answer.expect(400).problem.code).toBe('invalid-cursor');
    });
  });

  it('one idempotency key is three different ones', async () => {
    const key = { 'idempotency-key': 'the-same-for-all' };
    const { owner, manager, stranger } = scene;
    const own = await (await signUp(innkeep.anybody)).addProperty();
    expect(own.id).not.toBe(scene.property.id);
    const body = { amountCents: 1, description: 'One key' };
    const theirs = await stranger.addProperty();
    const answers = [
      await owner.post('/v1/finance/expenses', { ...body, propertyId: scene.property.id }, key),
      await manager.post('/v1/finance/expenses', { ...body, propertyId: scene.property.id }, key),
      await stranger.post('/v1/finance/expenses', { ...body, propertyId: theirs.id }, key),
    ];
    const ids = answers.map((answer) => answer.as<Transaction>(201).id);
    expect(new Set(ids).size).toBe(3);
  });
});
