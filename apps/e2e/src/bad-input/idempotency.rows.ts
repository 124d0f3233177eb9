import { connect } from 'node:net';
import { eventually } from '@innkeep/testing';
import { type Answer, type Page, type Transaction, newKey } from '../system';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';
import { type Probe, type Row } from './row';

const record = (place: Place, key: Record<string, string>, change: Record<string, unknown> = {}) =>
  place.owner.post('/v1/finance/expenses', place.valid(change), key);

const isReplay = (answer: Answer) => answer.headers.get('idempotent-replayed') === 'true';

/** How many transactions of the organization have this reference, or were recorded with it. */
const countOf = async ({ innkeep, owner }: Place, description: string): Promise<number> =>
  (
    await innkeep.database.asAdmin('select from finance.transactions where organization_id = $1 and description = $2', [
      owner.organizationId,
      description,
    ])
  ).length;

const check = (what: string, required: string, probe: (place: Place) => Promise<void>): Probe => ({
  what,
  required,
  check: probe,
});

/** The same key for something that is not the same. */
const reused = (what: string, again: (place: Place, key: Record<string, string>) => Promise<Answer>): Probe =>
  check(what, '409 idempotency-key-reused', async (place) => {
    const key = newKey();
    (await record(place, key)).expect(201);
    expectProblem(what, await again(place, key), 409, 'idempotency-key-reused');
  });

const replayed = (what: string, again: (spelled: string, place: Place) => string): Probe =>
  check(what, 'replayed', async (place) => {
    const key = newKey();
    const spelled = JSON.stringify(place.valid());
    const first = (await place.raw(spelled, key)).expect(201);
    const second = (await place.raw(again(spelled, place), key)).expect(201);
    expect([isReplay(second), second.text, second.position]).toEqual([true, first.text, first.position]);
  });

const required = ['expenses', 'expenses/bulk', 'revenues', 'revenues/bulk', 'approvals/bulk'];

const invalid = (key: string): Probe => ({
  what: `the key ${JSON.stringify(key.slice(0, 30))}${key.length > 30 ? ` (${key.length})` : ''}`,
  ask: (place) => place.withHeaders({ 'idempotency-key': key }),
  status: 400,
  code: 'idempotency-key-invalid',
});

async function fiftyAtOnce(place: Place): Promise<void> {
  const key = newKey();
  const description = 'Fifty at once';
  const answers = await Promise.all(Array.from({ length: 50 }, () => record(place, key, { description })));
  const done = answers.filter(({ status }) => status === 201);
  expect(done.filter((answer) => !isReplay(answer))).toHaveLength(1);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 201))
    expectProblem('meanwhile', answer, 409, 'idempotency-in-progress');
  expect(await countOf(place, description)).toBe(1);
}

/** A client that hangs up as soon as it has sent: what it asked for happens once, and the answer waits for it. */
async function disconnect(place: Place): Promise<void> {
  const key = { 'idempotency-key': 'hung-up' };
  const description = 'Hung up';
  const body = JSON.stringify(place.valid({ description }));
  const lines = ['Content-Type: application/json', 'Idempotency-Key: hung-up', `Content-Length: ${body.length}`];
  const { hostname, port } = new URL(place.innkeep.url);
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject).on('close', () => resolve());
    const bytes = place.request(lines, 'POST /v1/finance/expenses HTTP/1.1', body);
    socket.write(bytes, () => socket.destroy());
  });
  const answer = await eventually(async () => (await record(place, key, { description })).expect(201));
  expect(answer.json()).toMatchObject({ description });
  expect(await countOf(place, description)).toBe(1);
}

async function expire(place: Place, age: string): Promise<void> {
  await place.innkeep.database.asAdmin(
    `update http.idempotency_records set expires_at = expires_at - interval '${age}'`,
  );
}

/** B60 to B66: requests that are sent twice, and keys that do not tell them apart. */
export const idempotency: readonly Row[] = [
  {
    id: 'B60',
    what: 'one request fifty times at once, with one key',
    probes: [
      check('fifty expenses', 'one effect, one answer', fiftyAtOnce),
      replayed('again later', (spelled) => spelled),
    ],
  },
  {
    id: 'B61',
    what: 'a key used for something else',
    probes: [
      reused('another amount', (place, key) => record(place, key, { amountCents: 101 })),
      reused('another route', (place, key) => place.owner.post('/v1/finance/revenues', place.valid(), key)),
      reused('in bulk', (place, key) => place.owner.post('/v1/finance/expenses/bulk', { items: [place.valid()] }, key)),
      reused('another method', (place, key) =>
        place.owner.patch(`/v1/properties/${place.propertyId}`, { name: 'Casa' }, key),
      ),
      check('by another user', 'each has its own', async (place) => {
        const key = newKey();
        const colleague = await place.owner.invite('manager');
        const [mine, theirs] = [
          await record(place, key),
          await colleague.post('/v1/finance/expenses', place.valid({ amountCents: 7 }), key),
        ];
        expect(mine.as<Transaction>(201).id).not.toBe(theirs.as<Transaction>(201).id);
      }),
    ],
  },
  {
    id: 'B62',
    what: 'a key that another organization uses',
    probes: [
      check('the same key', 'each has its own', async (place) => {
        const key = newKey();
        const property = await place.stranger.addProperty();
        const mine = (await record(place, key, { description: 'Nobody else’s' })).expect(201);
        const body = place.valid({ propertyId: property.id });
        const theirs = await place.stranger.post('/v1/finance/expenses', body, key);
        expect([theirs.expect(201).text.includes('Nobody'), isReplay(theirs)]).toEqual([false, false]);
        expect(mine.as<Transaction>(201).id).not.toBe(theirs.as<Transaction>(201).id);
      }),
    ],
  },
  {
    id: 'B63',
    what: 'keys that are missing or cannot be one',
    probes: [
      ...required.map((route): Probe => ({
        what: `none, for ${route}`,
        ask: (place) => {
          const decision = { decision: 'approved', transactionIds: ['0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'] };
          const bulk = route.endsWith('/bulk') ? { items: [place.valid()] } : place.valid();
          return place.owner.post(`/v1/finance/${route}`, route.startsWith('approvals') ? decision : bulk, {});
        },
        status: 400,
        code: 'idempotency-key-required',
      })),
      ...[
        '',
        ' ',
        'x'.repeat(256),
        'two words',
        '"unbalanced',
        '""',
        'caf\xe9',
        'tab\there',
        'back\\slash',
        'a", "b',
      ].map(invalid),
      check('255 characters, with and without quotes', 'the same key', async (place) => {
        const key = 'x'.repeat(255);
        (await place.withHeaders({ 'idempotency-key': key })).expect(201);
        expect(isReplay((await place.withHeaders({ 'idempotency-key': `"${key}"` })).expect(201))).toBe(true);
      }),
    ],
  },
  {
    id: 'B64',
    what: 'a key whose first request was refused, or whose client hung up',
    probes: [
      check('refused by the schema', 'free for the corrected request', async (place) => {
        const key = newKey();
        expectProblem('wrong', await record(place, key, { amountCents: 0 }), 400, 'invalid-request');
        expect(isReplay((await record(place, key)).expect(201))).toBe(false);
      }),
      check('refused by what is known', 'free for the corrected request', async (place) => {
        const key = newKey();
        expectProblem('wrong', await record(place, key, { propertyId: 999_999_999 }), 422, 'property-unknown');
        expect(isReplay((await record(place, key)).expect(201))).toBe(false);
      }),
      check('hung up', 'one effect, and the answer', disconnect),
    ],
  },
  {
    id: 'B65',
    what: 'a key after a day',
    probes: [
      check('after 23 hours and 59 minutes', 'replayed', async (place) => {
        const key = newKey();
        (await record(place, key)).expect(201);
        await expire(place, '23 hours 59 minutes');
        expect(isReplay((await record(place, key)).expect(201))).toBe(true);
      }),
      check('after a day', 'a new request; the reference still tells', async (place) => {
        const key = newKey();
        const externalReference = 'stay-of-yesterday';
        (await record(place, key, { externalReference })).expect(201);
        await expire(place, '24 hours 1 second');
        const again = await record(place, key, { externalReference });
        expectProblem('again', again, 409, 'external-reference-taken');
        expect(isReplay((await record(place, key)).expect(201))).toBe(false);
        const list = (await place.owner.get('/v1/finance/expenses?limit=200')).as<Page<Transaction>>(200);
        expect(list.data.filter((one) => one.externalReference === externalReference).length).toBeLessThan(2);
      }),
    ],
  },
  {
    id: 'B66',
    what: 'the same request spelled in another way',
    probes: [
      replayed('members in another order', (spelled) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(spelled) as object).reverse())),
      ),
      replayed('white space', (spelled) => JSON.stringify(JSON.parse(spelled), undefined, 2)),
      replayed('100.0 for 100', (spelled) => spelled.replace('"amountCents":100', '"amountCents":100.0')),
      replayed('1e2 for 100', (spelled) => spelled.replace('"amountCents":100', '"amountCents":1e2')),
      replayed('escapes', (spelled) => spelled.replace('Fine', '\\u0046ine')),
    ],
  },
];
