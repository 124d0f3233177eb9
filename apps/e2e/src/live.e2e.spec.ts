import { type AppProcess, LiveClient, eventually } from '@innkeep/testing';
import {
  InnkeepUnderTest,
  type Member,
  type Property,
  type Transaction,
  itInBrowser,
  password,
  signInAgain,
  signUp,
  startBrowser,
} from './system';

interface Ready {
  readonly recovered: boolean;
  readonly streamId: string;
  readonly position: string;
}
interface PollAnswer {
  readonly events: readonly { readonly id: string; readonly type: string; readonly entityId: string }[];
  readonly cursor: string;
  readonly recovered: boolean;
}

/** Fewer than usual, so that not so many have to be opened. */
const STREAMS_OF_ORGANIZATION = 25;

describe('what happens, as it happens', () => {
  const innkeep = new InnkeepUnderTest({
    environment: () => ({ LIVE_STREAMS_ORGANIZATION: String(STREAMS_OF_ORGANIZATION) }),
  });
  let owner: Member;
  let property: Property;
  const clients: LiveClient[] = [];
  let otherApi: AppProcess | undefined;
  const another = async () => (otherApi ??= await innkeep.startAnotherApi());

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty();
  });
  afterEach(async () => {
    const flaws = clients.flatMap(({ ledger }) => ledger.flaws);
    await Promise.all(clients.splice(0).map((client) => client.close()));
    expect(flaws).toEqual([]);
  });

  const follow = (member: Member, query = '') => {
    const client = new LiveClient({ url: innkeep.url, token: member.token, query });
    clients.push(client);
    return client;
  };
  const ready = (client: LiveClient) => eventually(() => expect(client.of('ready')).not.toEqual([]));
  const open = async (member: Member, query = '') => {
    const client = await follow(member, query).open();
    expect(client.status).toBe(200);
    await ready(client);
    return client;
  };
  const record = async (member = owner, propertyId = property.id) =>
    (await member.record('expense', propertyId)).as<Transaction>(201).id;
  const heard = (client: LiveClient) => client.ledger.messages.map(({ entityId }) => entityId);
  const hears = (client: LiveClient, ...ids: string[]) => eventually(() => expect(heard(client)).toEqual(ids));

  it('reaches who listens, and nobody of another organization or property', async () => {
    const stranger = await signUp(innkeep.anybody, 'Strangers');
    const other = await owner.addProperty({ name: 'The other house' });
    const elsewhere = await owner.invite('manager', [other.id]);
    const staff = await owner.invite('staff', [property.id]);
    const [all, some, none, foreign] = [
      await open(owner, '?services=finance'),
      await open(staff),
      await open(elsewhere, '?services=finance'),
      await open(stranger),
    ];
    const first = await record();
    const second = await record(owner, other.id);
    await hears(all, first, second);
    await hears(some, first);
    await hears(none, second);
    expect(all.ledger.messages[0]).toMatchObject({ type: 'TransactionRecorded', data: { transactionId: first } });
    await stranger.addProperty();
    await eventually(() => expect(foreign.ledger.messages).toHaveLength(1));
    expect(foreign.ledger.messages[0]).toMatchObject({ type: 'PropertyCreated' });
    expect((await follow(elsewhere, `?properties=${property.id}`).open()).status).toBe(404);
  });

  it('reaches staff about their own times, and none about those of others', async () => {
    const [ana, rui] = [await owner.invite('staff', [property.id]), await owner.invite('staff', [property.id])];
    const [hers, his] = [await open(ana, '?services=staff'), await open(rui, '?services=staff')];
    const all = await open(owner, '?services=staff');
    const about = (client: LiveClient) =>
      client.ledger.messages.map(({ type, data }) => `${type} ${String(data.userId)}`);
    const work = async (who: Member) => {
      (await who.post('/v1/staff/check-in', { propertyId: property.id })).expect(201);
      (await who.post('/v1/staff/check-out', {})).expect(200);
      return [`ShiftStarted ${who.userId}`, `ShiftEnded ${who.userId}`];
    };
    const worked = await work(ana);
    await hers.close();
    worked.push(...(await work(rui)), ...(await work(ana)));
    await hers.open();
    const of = ({ userId }: Member) => worked.filter((one) => one.endsWith(` ${userId}`));
    await eventually(() => expect([hers, his, all].map(about)).toEqual([of(ana), of(rui), worked]));
  });

  it('is taken up where it stopped', async () => {
    const client = await open(owner, '?services=finance');
    const first = await record();
    await hears(client, first);
    await client.close();
    const missed = [await record(), await record()];
    await client.open();
    await hears(client, first, ...missed);
    expect(client.of<Ready>('ready').map(({ recovered }) => recovered)).toEqual([false, true]);
  });

  it('misses nothing when Redis forgets everything and the API is killed', async () => {
    const client = await open(owner, '?services=finance');
    const ids = [await record()];
    await hears(client, ...ids);
    await innkeep.flushRedis();
    ids.push(await record());
    await hears(client, ...ids);
    await innkeep.api.kill();
    await client.ended();
    await innkeep.api.start();
    ids.push(await record());
    await client.open();
    await hears(client, ...ids);
    expect(client.ledger.segments).toHaveLength(1);
  });

  it('is opened by a ticket, once, which no log shows', async () => {
    const { ticket } = (await owner.post('/v2/realtime/tickets')).as<{ ticket: string }>(201);
    const page = () => {
      const client = new LiveClient({ url: innkeep.url, query: `?ticket=${ticket}` });
      clients.push(client);
      return client.open();
    };
    await ready(await page());
    expect((await page()).status).toBe(401);
    await eventually(() => expect(innkeep.api.lines.join('\n')).toContain('/v2/realtime/stream'));
    expect(innkeep.api.lines.join('\n')).not.toContain(ticket);
  });

  it('ends with the session, and says why', async () => {
    const again = await signInAgain(innkeep.anybody, owner);
    const [gone, stays] = [await open(again), await open(owner, '?services=finance')];
    (await again.post('/v1/auth/logout')).expect(204);
    await gone.ended();
    expect(gone.of('closing')).toMatchObject([{ reason: 'auth_revoked' }]);
    const id = await record();
    await hears(stays, id);
  });

  it('changes what is chosen while it is open', async () => {
    const client = await open(owner, '?services=properties');
    const { streamId } = client.of<Ready>('ready')[0]!;
    const stranger = await signUp(innkeep.anybody, 'Strangers');
    const change = { services: ['finance'] };
    (await stranger.patch(`/v2/realtime/streams/${streamId}`, change)).expect(404);
    (await owner.patch(`/v2/realtime/streams/${streamId}`, change)).expect(202);
    await eventually(() => expect(client.of('subscribed')).toMatchObject([{ services: ['finance'] }]));
    await hears(client, await record());
  });

  it('lets a user have ten streams and an organization so many, over all processes, however many ask at once', async () => {
    const other = await another();
    const boss = await signUp(innkeep.anybody, 'Crowds');
    const crowd = [boss, await boss.invite('staff'), await boss.invite('staff')];
    const ask = (member: Member, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => follow(member).open([innkeep.url, other.url][index % 2])),
      );
    const asked = [await ask(crowd[0]!, 25), await ask(crowd[1]!, 25), await ask(crowd[2]!, 25)];
    const opened = asked.map((clients) => clients.filter(({ status }) => status === 200).length);
    expect(opened).toEqual([10, 10, STREAMS_OF_ORGANIZATION - 20]);
    const refused = asked.flat().filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(Number(refused[0]!.response!.headers.get('retry-after'))).toBeGreaterThan(0);
    await asked[0]!.find(({ status }) => status === 200)!.close();
    await eventually(async () => expect((await follow(crowd[0]!).open(other.url)).status).toBe(200));
  });

  itInBrowser('goes on without a gap in a page that has lost its connection', async () => {
    const other = await another();
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      const text = (selector: string) => page.locator(selector).innerText();
      await page.goto(`${innkeep.url}/examples/live`);
      await page.fill('#email', owner.email);
      await page.fill('#password', password);
      await page.click('button');
      await page.waitForSelector('#notes:has-text("read ")');
      const before = Number(await text('#count'));
      await owner.record('expense', property.id, { description: 'Seen as it happens' });
      await page.waitForSelector('tr.new >> text=Seen as it happens');
      await innkeep.api.kill();
      await page.waitForSelector('#state.away');
      const away = owner.through(other.url);
      for (const number of [1, 2, 3]) await away.record('expense', property.id, { description: `Missed ${number}` });
      await innkeep.api.start();
      await page.waitForSelector('tr.new >> text=Missed 3');
      expect([Number(await text('#count')), await text('#state')]).toEqual([before + 4, 'live']);
      expect(await text('#notes')).toMatch(/taken up at/);
      expect((await text('#notes')).match(/read \d+ expenses/g)).toHaveLength(1);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/live.png` });
    } finally {
      await browser.close();
    }
  });

  it('can be asked for again and again', async () => {
    const poll = async (query: string, area = 'finance') =>
      (await owner.get(`/v1/${area}/realtime/subscribe${query}`)).as<PollAnswer>(200);
    const { cursor, recovered, events } = await poll('');
    expect({ recovered, events }).toEqual({ recovered: false, events: [] });
    // Figures change with what they are made of; a guest list does not change with money.
    const waiting = [poll(`?cursor=${cursor}`), poll(`?cursor=${cursor}`, 'analytics')];
    const id = await record();
    const [next, figures] = (await Promise.all(waiting)) as [PollAnswer, PollAnswer];
    for (const { events } of [next, figures])
      expect(events).toMatchObject([{ type: 'TransactionRecorded', entityId: id }]);
    for (const area of ['guest-checkin', 'staff', 'properties', 'tasks'])
      expect((await poll(`?cursor=${cursor}&wait=0`, area)).events).toEqual([]);
    expect(await poll(`?cursor=${next.cursor}&wait=0`)).toEqual({ events: [], cursor: next.cursor, recovered: true });
    (await owner.get('/v1/finance/realtime/subscribe?cursor=nonsense')).expect(400);
  });

  it('tells operators how it is doing', async () => {
    const operator = await innkeep.signInOperator();
    const status = (await operator.get('/v2/realtime/metrics')).as<{ delivered: number; instance: string }>(200);
    expect(status.delivered).toBeGreaterThan(0);
    expect(status.instance).toMatch(new RegExp(`:${innkeep.api.pid}$`));
    (await operator.get('/v1/finance/realtime/metrics')).expect(200);
    expect((await innkeep.anybody.get('/metrics')).text).toContain('live_delivered_total');
  });

  it('sends streams elsewhere when the process is to end', async () => {
    const client = await open(owner);
    expect(await innkeep.api.stop()).toBe(0);
    await client.ended();
    expect(client.of('closing')).toMatchObject([{ reason: 'draining', retryMs: expect.any(Number) }]);
    await innkeep.api.start();
  });
});
