import { SharedInnkeep, type Member, type Page, type Property, type Transaction, signUp } from './system';

interface Told {
  readonly position: number;
  readonly asOf: string;
}

interface Sums {
  readonly receivedCents: number;
  readonly expensesCents: number;
  readonly netCents: number;
  readonly transactionCount: number;
}

interface Dashboard
  extends Told, Page<{ readonly propertyId: number; readonly businessDay: string; readonly today: Sums }> {
  readonly totals: readonly { readonly currency: string; readonly today: Sums; readonly monthToDate: Sums }[];
}

interface ProfitLoss extends Told {
  readonly totals: readonly Sums[];
  readonly months: readonly { readonly month: string; readonly categories: readonly object[] }[];
}

type Pending = Told & Page<Transaction & { readonly recordedBy: number; readonly propertyName: string }>;
type TodayPending = Pending & { readonly businessDay: string; readonly totals: readonly object[] };

const pendingOf = (property: Property) => `/v1/finance/pending-approvals?propertyId=${property.id}`;
const todayOf = (property: Property) => `/v1/finance/today-pending-transactions?propertyId=${property.id}`;
const profitLossOf = (property: Property, more = '') =>
  `/v1/finance/profit-loss?propertyId=${property.id}&year=2026${more}`;

describe('read models', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
  });
  beforeEach(async () => {
    property = await owner.addProperty();
  });

  it('list what is pending until it is decided on or deleted, longest waiting first', async () => {
    const expense = (await owner.record('expense', property.id, { description: 'First' })).as<Transaction>(201);
    const revenue = (await owner.record('revenue', property.id, { description: 'Second' })).as<Transaction>(201);
    const third = await owner.record('expense', property.id, {
      description: 'Third',
      occurredAt: '2026-03-10T12:00:00Z',
    });
    const before = await owner.getAfter(third.position, pendingOf(property));
    const listed = before.as<Pending>(200);
    expect(listed.data.map(({ id }) => id)).toEqual([expense.id, revenue.id, third.as<Transaction>(201).id]);
    expect(listed.data[0]).toMatchObject({
      ...{ kind: 'expense', amountCents: 1_000, currency: 'EUR', propertyName: property.name },
      ...{ recordedBy: owner.userId, businessDay: expense.businessDay, description: 'First' },
    });
    const today = (await owner.getAfter(third.position, todayOf(property))).as<TodayPending>(200);
    expect(today.data.map(({ id }) => id)).toEqual([expense.id, revenue.id]);
    expect(today).toMatchObject({
      businessDay: expense.businessDay,
      totals: [{ currency: 'EUR', pendingRevenuesCents: 1_000, pendingExpensesCents: 1_000, pendingCount: 2 }],
    });

    const page = (await owner.getAfter(third.position, `${pendingOf(property)}&limit=2`)).as<Pending>(200);
    expect(page.data).toHaveLength(2);
    const rest = await owner.get(`${pendingOf(property)}&limit=2&cursor=${page.nextCursor}`);
    expect(rest.as<Pending>(200)).toMatchObject({ data: [{ description: 'Third' }], nextCursor: null });

    await owner.decide('expense', expense.id);
    await owner.decide('revenue', revenue.id, 'rejected');
    const deleted = await owner.delete(`/v1/finance/expenses/${third.as<Transaction>(201).id}`);
    const after = await owner.getAfter(deleted.expect(204).position, pendingOf(property));
    expect(after.as<Pending>(200).data).toEqual([]);
    expect(after.etag).not.toBe(before.etag);
    expect((await owner.getAfter(deleted.position, todayOf(property))).as<TodayPending>(200)).toMatchObject({
      ...{ data: [], totals: [] },
    });
  });

  it('tell profit and loss by month and category, and take a reversal back', async () => {
    const at = { occurredAt: '2026-03-10T12:00:00Z' };
    await owner.recordApproved('revenue', property.id, { ...at, amountCents: 5_000, category: 'rooms' });
    await owner.recordApproved('expense', property.id, { ...at, amountCents: 700 });
    const april = { occurredAt: '2026-04-01T12:00:00Z', amountCents: 300, category: 'rooms' };
    const { transaction } = await owner.recordApproved('revenue', property.id, april);
    const reversal = { occurredAt: '2026-04-02T12:00:00Z' };
    const { position } = await owner.post(`/v1/finance/revenues/${transaction.id}/reversal`, reversal);
    const year = await owner.getAfter(position, profitLossOf(property));
    const march = { receivedCents: 5_000, expensesCents: 700, netCents: 4_300, transactionCount: 2 };
    expect(year.as<ProfitLoss>(200)).toMatchObject({
      ...{ propertyId: property.id, year: 2026, month: null, currency: 'EUR' },
      totals: [{ ...march, currency: 'EUR', transactionCount: 4 }],
      months: [
        {
          ...{ month: '2026-03', currency: 'EUR', ...march },
          categories: [
            { kind: 'expense', category: null, amountCents: 700, transactionCount: 1 },
            { kind: 'revenue', category: 'rooms', amountCents: 5_000, transactionCount: 1 },
          ],
        },
        { month: '2026-04', receivedCents: 0, netCents: 0, transactionCount: 2 },
      ],
    });
    const one = (await owner.getAfter(position, profitLossOf(property, '&month=4'))).as<ProfitLoss>(200);
    expect(one.months.map(({ month }) => month)).toEqual(['2026-04']);
  });

  it('show on the dashboard what every property has today, and only to who may see it', async () => {
    const other = await owner.addProperty({ timeZone: 'Pacific/Kiritimati', currency: 'INR' });
    const member = await owner.invite('staff', [property.id]);
    await owner.recordApproved('revenue', property.id, { amountCents: 5_000 });
    const { transaction, position } = await owner.recordApproved('expense', other.id, { amountCents: 700 });
    const seen = (await owner.getAfter(position, '/v1/dashboard')).as<Dashboard>(200);
    const lineOf = ({ id }: Property) => seen.data.find(({ propertyId }) => propertyId === id);
    expect(lineOf(property)).toMatchObject({ currency: 'EUR', today: { receivedCents: 5_000, netCents: 5_000 } });
    expect(lineOf(other)).toMatchObject({
      ...{ currency: 'INR', businessDay: transaction.businessDay },
      today: { expensesCents: 700, netCents: -700, transactionCount: 1 },
    });
    const own = (await member.getAfter(position, '/v1/dashboard')).as<Dashboard>(200);
    expect(own.data.map(({ propertyId }) => propertyId)).toEqual([property.id]);
    expect(own.totals).toMatchObject([{ currency: 'EUR', today: { receivedCents: 5_000 } }]);
    for (const path of [pendingOf(other), todayOf(other), profitLossOf(other)])
      expect((await member.get(path)).status).toBe(404);
  });

  it('say from which position and when they are, and keep their validator until something changes', async () => {
    const { position } = await owner.recordApproved('revenue', property.id, { occurredAt: '2026-03-10T12:00:00Z' });
    for (const path of ['/v1/dashboard', pendingOf(property), todayOf(property), profitLossOf(property)]) {
      const started = Date.now();
      const answer = await owner.getAfter(position, path);
      const { asOf, ...told } = answer.as<Told>(200);
      expect(told.position).toBe(answer.position);
      expect(answer.position).toBeGreaterThanOrEqual(position);
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(asOf) - started)).toBeLessThan(60_000);
      expect((await owner.get(path, { 'if-none-match': answer.etag })).status).toBe(304);
    }
  });

  it('are absent for another organization, which sees nothing of this one', async () => {
    const { position } = await owner.recordApproved('revenue', property.id);
    await owner.getAfter(position, '/v1/dashboard');
    const stranger = await signUp(innkeep.anybody, 'Somebody else');
    for (const path of [pendingOf(property), todayOf(property), profitLossOf(property)])
      expect((await stranger.get(path)).expect(404).problem.code).toBe('not-found');
    expect((await stranger.get('/v1/dashboard')).as<Dashboard>(200)).toMatchObject({ data: [], totals: [] });
    expect((await stranger.get('/v1/finance/pending-approvals')).as<Pending>(200).data).toEqual([]);
    const first = (await owner.get('/v1/dashboard?limit=1')).as<Dashboard>(200);
    if (first.nextCursor)
      expect((await stranger.get(`/v1/dashboard?cursor=${first.nextCursor}`)).expect(400).problem.code).toBe(
        'invalid-cursor',
      );
  });
});
