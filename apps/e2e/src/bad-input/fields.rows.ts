import { type Page, type Transaction } from '../system';
import { expectProblem } from '../system/expect-problem';
import { missing } from './place';
import { type Probe, type Row } from './row';

/** An expense with one member changed; the problem points at it. */
export const expense = (
  what: string,
  change: Record<string, unknown>,
  status = 400,
  code = 'invalid-request',
): Probe => ({
  what,
  ask: (place) => place.expense(change),
  status,
  code,
  pointer: `/${Object.keys(change)[0]!.replaceAll('~', '~0').replaceAll('/', '~1')}`,
});

/** An amount as it is spelled in JSON. */
const amount = (spelled: string): Probe => ({
  what: spelled,
  ask: (place) => place.raw(JSON.stringify(place.valid({ amountCents: 0 })).replace(/(?<="amountCents":)0/, spelled)),
  status: 400,
  code: 'invalid-request',
  pointer: '/amountCents',
});

const post = (path: string, body: unknown, status = 400, code = 'invalid-request', pointer?: string): Probe => ({
  what: `${path} ${JSON.stringify(body).slice(0, 60)}`,
  ask: (place) => place.owner.post(path, body),
  status,
  code,
  pointer,
});
const changed = (path: string, valid: object, changes: readonly object[]) =>
  changes.map((change): Probe => ({
    ...post(path, { ...valid, ...change }),
    what: JSON.stringify(change).slice(0, 80),
  }));

const numbers = ['0', '-1', '01', '1.0', '1e3', '0x10', '9223372036854775808', '9'.repeat(16), 'abc', missing, '%20'];
const strange = ['%D9%A1', '1%2F2', "1'--", '1;2', 'x'.repeat(5_000)];
const uuids = [
  '1',
  '0',
  '-1',
  'abc',
  `${missing}0`,
  missing.slice(1),
  missing.replace('0', 'g'),
  `{${missing}}`,
  '..%2f',
];

const ids = (path: string, wrong: readonly string[], change: object): Probe[] =>
  wrong.flatMap((id) => [
    {
      what: `GET ${path}${id.slice(0, 40)}`,
      ask: (place) => place.owner.get(path + id),
      status: 404,
      code: 'not-found',
    },
    {
      what: `PATCH ${path}${id.slice(0, 40)}`,
      ask: (place) => place.owner.patch(path + id, change),
      status: 404,
      code: 'not-found',
    },
  ]);

/** As many as JSON can add up exactly, as its readers read it: to a little less than 2^53. */
const COUNT = 900;

const sum: Probe = {
  what: 'the largest amounts add up without a cent lost',
  required: 'the exact sum',
  check: async (place) => {
    const property = await place.owner.addProperty();
    const largest = { amountCents: 9_999_999_999_999, propertyId: property.id, occurredAt: '2026-03-10T12:00:00Z' };
    const items = Array.from({ length: COUNT }, () => ({ ...largest, description: 'The largest' }));
    const { results } = (await place.owner.post('/v1/finance/revenues/bulk', { items })).as<{
      results: { transaction: Transaction }[];
    }>(200);
    const transactionIds = results.map(({ transaction }) => transaction.id);
    const body = { decision: 'approved', transactionIds };
    const approved = (await place.owner.post('/v1/finance/approvals/bulk', body)).expect(200);
    const report = `/v1/reports/daily-report?propertyId=${property.id}&date=2026-03-10`;
    const answer = await place.owner.getAfter(approved.position, report);
    expect(answer.text).toContain(`"totalReceivedCents":${COUNT * 9_999_999_999_999}`);
  },
};

/** B20 to B24: values of the right type or the wrong one, that nobody can have meant. */
export const fields: readonly Row[] = [
  {
    id: 'B20',
    what: 'amounts that are none',
    probes: [
      ...['1.5', '0.5', '"100"', '"٣٠٠"', '1e21', '1e400', '9007199254740992', '9007199254740993', '-0', '0', '-1'],
      ...['10000000000001', '1e300', '[100]', '{}', 'null', 'true', '""'],
    ]
      .map(amount)
      .concat([
        expense('missing', { amountCents: undefined }),
        {
          what: '100.00, which is 100',
          required: '201',
          check: async (place) => {
            const spelled = JSON.stringify(place.valid()).replace('Cents":100', 'Cents":100.00');
            expect((await place.raw(spelled)).as<Transaction>(201).amountCents).toBe(100);
          },
        },
        sum,
      ]),
  },
  {
    id: 'B21',
    what: 'ids that cannot be one',
    probes: [
      ...ids('/v1/properties/', [...numbers, ...strange], { name: 'x' }),
      ...ids('/v1/finance/expenses/', uuids, { amountCents: 1 }),
      ...ids('/v1/finance/revenues/', uuids.slice(0, 3), { amountCents: 1 }),
      ...['%ff', '%e', '%'].map((id): Probe => ({
        what: `GET /v1/properties/${id}`,
        ask: (place) => place.owner.get(`/v1/properties/${id}`),
        status: 400,
        code: 'invalid-request',
      })),
      ...['1', 0, -1, 2 ** 31 + 0.5, 2 ** 63, null, [1]].map((id) =>
        expense(`a property ${JSON.stringify(id)}`, { propertyId: id }),
      ),
      expense('a property that nobody has', { propertyId: 999_999_999 }, 422, 'property-unknown'),
    ],
  },
  {
    id: 'B22',
    what: 'lists and limits: empty, too long, of nothing',
    probes: [
      ...['expenses', 'revenues'].flatMap((kind) => [
        post(`/v1/finance/${kind}/bulk`, { items: [] }),
        post(`/v1/finance/${kind}/bulk`, { items: Array.from({ length: 1_001 }, () => ({})) }),
        post(`/v1/finance/${kind}/bulk`, { items: null }),
        post(`/v1/finance/${kind}/bulk`, { items: {} }),
      ]),
      post('/v1/finance/approvals/bulk', { decision: 'approved', transactionIds: [] }),
      post('/v1/finance/approvals/bulk', { decision: 'approved', transactionIds: ['1', missing] }),
      post('/v1/finance/approvals/bulk', { decision: 'approved', transactionIds: [[missing]] }),
      post('/v1/finance/approvals/bulk', { transactionIds: [missing] }),
      ...['limit=0', 'limit=-1', 'limit=201', 'limit=1000000000', 'limit=1e9', 'limit=1.5', 'limit=abc', 'limit='].map(
        (limit): Probe => ({
          what: limit,
          ask: (place) => place.owner.get(`/v1/finance/expenses?${limit}`),
          status: 400,
          code: 'invalid-request',
          pointer: '/limit',
        }),
      ),
      {
        what: 'items that are nothing, among those that are something',
        required: '200, each judged',
        check: async (place) => {
          const items = [null, [], 1, place.valid()];
          const { results } = (await place.owner.post('/v1/finance/expenses/bulk', { items })).as<{
            results: { status: string; code?: string }[];
          }>(200);
          expect(results.map(({ code }) => code)).toEqual([...Array(3).fill('invalid-request'), undefined]);
        },
      },
      {
        what: 'the same transaction twice in one decision',
        required: '200, decided once',
        check: async (place) => {
          const { id } = (await place.expense({})).as<Transaction>(201);
          const answer = await place.owner.post('/v1/finance/approvals/bulk', {
            decision: 'approved',
            transactionIds: [id, id],
          });
          if (answer.status === 200) {
            const list = await place.owner.getAfter(answer.position, '/v1/finance/expenses?status=approved');
            expect(list.as<Page<Transaction>>(200).data.filter((one) => one.id === id)).toHaveLength(1);
          } else expectProblem('twice', answer, 400, 'invalid-request');
        },
      },
    ],
  },
  {
    id: 'B23',
    what: 'members that do not fit the schema',
    probes: [
      ...['null', '[]', '"expense"', '5'].map((raw): Probe => ({
        what: raw,
        ask: (place) => place.raw(raw),
        status: 400,
        code: 'invalid-request',
      })),
      expense('null for text', { description: null }),
      expense('a member that nobody knows', { surprise: true }),
      expense('a member that is not the client’s', { status: 'approved' }),
      expense('a name that is a pointer', { 'a/b~c': 1 }),
      expense('a reference too long', { externalReference: 'x'.repeat(201) }),
      ...changed('/v1/properties', { name: 'Casa', timeZone: 'Europe/Lisbon', currency: 'EUR' }, [
        { timeZone: 'Europe/Nowhere' },
        { timeZone: '+01:00' },
        { timeZone: '../../etc/passwd' },
        { currency: 'eur' },
        { currency: 'XXQ' },
        { businessDayStartsAt: '12:00' },
        { businessDayStartsAt: '4:00' },
        { name: '' },
        { id: 5 },
      ]),
      ...changed(
        '/v1/auth/signup',
        { organizationName: 'x', name: 'x', email: 'a@b.example', password: 'long enough it is' },
        [
          { email: 'nobody' },
          { email: 'a@b.example\r\nBcc: c@d.example' },
          { email: `a@${'b'.repeat(400)}.example` },
          { password: 'short' },
          { password: 'x'.repeat(201) },
          { role: 'owner' },
        ],
      ),
      ...changed('/v1/users/invitations', { email: 'c@d.example', role: 'staff', propertyIds: null }, [
        { role: 'operator' },
        { propertyIds: [] },
        { propertyIds: [7, 7] },
        { propertyIds: ['1'] },
      ]),
      post(
        '/v1/users/invitations',
        { email: 'c@d.example', role: 'staff', propertyIds: [999_999_999] },
        422,
        'property-unknown',
      ),
      {
        what: 'an owner of only some properties',
        ask: (place) => {
          const limited = { email: 'c@d.example', role: 'owner', propertyIds: [place.propertyId] };
          return place.owner.post('/v1/users/invitations', limited);
        },
        status: 422,
        code: 'owner-sees-all-properties',
      },
    ],
  },
];
