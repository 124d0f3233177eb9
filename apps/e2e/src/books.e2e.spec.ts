import { eventually } from '@innkeep/testing';
import { Client } from 'pg';
import { type Answer, SharedInnkeep, type Member, type Property, type Transaction, signUp } from './system';

interface Day {
  readonly id: string;
  readonly status: string;
  readonly counts: readonly Record<string, unknown>[];
}

/** The moment at which all that is on one day happens. */
const at = (day: string) => ({ occurredAt: `${day}T12:00:00Z` });

describe('the books of a property', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let manager: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    manager = await owner.invite('manager');
  });
  beforeEach(async () => {
    property = await owner.addProperty();
  });

  const close = (businessDay: string, counts: object[] = [], by = manager): Promise<Answer> =>
    by.post('/v1/finance/days/close', { propertyId: property.id, businessDay, counts });

  it('are closed for a day with what was counted, and stay as they are until an owner opens them again', async () => {
    const day = '2026-03-10';
    const cash = { ...at(day), paymentMode: 'cash', category: 'Rooms' };
    await owner.recordApproved('revenue', property.id, { ...cash, amountCents: 98_00 });
    await owner.recordApproved('expense', property.id, { ...cash, amountCents: 12_50 });
    const pending = (await manager.record('expense', property.id, cash)).as<Transaction>(201);
    const refused = (await close(day)).expect(409);
    expect(refused.json()).toMatchObject({
      ...{ code: 'transactions-pending', pendingCount: 1, transactionIds: [pending.id] },
    });
    await owner.decide('expense', pending.id, 'rejected');

    const count = { paymentMode: 'cash', currency: 'EUR', countedCents: 85_00 };
    const closed = await close(day, [count]);
    const { id, counts } = closed.as<Day>(200);
    expect(counts).toEqual([{ ...count, expectedCents: 85_50, differenceCents: -50 }]);
    for (const answer of [
      await owner.record('expense', property.id, at(day)),
      await owner.post(`/v1/finance/revenues/${await approvedOn('2026-03-11')}/reversal`, at(day)),
      await owner.patch(`/v1/finance/expenses/${await pendingOn('2026-03-11')}`, at(day)),
      await close(day),
    ])
      expect(answer.expect(409).problem.code).toBe('business-day-closed');
    const bulk = await owner.post('/v1/finance/expenses/bulk', {
      items: [day, '2026-03-12'].map((on) => ({
        propertyId: property.id,
        amountCents: 1,
        description: 'x',
        ...at(on),
      })),
    });
    expect(bulk.as<{ results: object[] }>(200).results).toMatchObject([
      { status: 'invalid', code: 'business-day-closed' },
      { status: 'recorded' },
    ]);

    await manager.post(`/v1/finance/days/${id}/reopen`, { reason: 'x' }).then((answer) => answer.expect(403));
    const stale = await owner.post(`/v1/finance/days/${id}/reopen`, { reason: 'x' }, { 'if-match': '"1"' });
    expect(stale.expect(412).problem.code).toBe('precondition-failed');
    const reopened = await owner.post(`/v1/finance/days/${id}/reopen`, { reason: 'A bill was forgotten' });
    expect(reopened.as<Day>(200)).toMatchObject({ status: 'reopened', reopenReason: 'A bill was forgotten' });
    await owner.recordApproved('expense', property.id, { ...cash, amountCents: 50 });
    const again = await close(day, [count]);
    expect(again.as<Day>(200)).toMatchObject({ id, closings: 2, counts: [{ differenceCents: 0 }] });
    const listed = await owner.getAfter(again.position, `/v1/finance/days?propertyId=${property.id}&status=closed`);
    expect(listed.as<{ data: Day[] }>(200).data).toMatchObject([{ id, businessDay: day }]);
    expect((await owner.getAfter(again.position, `/v1/finance/days/${id}`)).as<Day>(200)).toMatchObject({ id });
    expect((await close('2200-01-01')).status).toBe(400);
    expect((await close('2099-01-01')).problem.code).toBe('business-day-not-begun');
  });

  const approvedOn = async (day: string) =>
    (await owner.recordApproved('revenue', property.id, at(day))).transaction.id;
  const pendingOn = async (day: string) =>
    (await owner.record('expense', property.id, at(day))).as<Transaction>(201).id;

  describe('when somebody records while somebody closes', () => {
    let client: Client;
    beforeEach(async () => {
      client = new Client({ connectionString: innkeep.database.adminUrl });
      await client.connect();
    });
    afterEach(() => client.end());

    /** Runs one request up to its commit, and the other as far as it comes; then lets both end. */
    const inThisOrder = async (one: () => Promise<Answer>, other: () => Promise<Answer>): Promise<Answer[]> => {
      await client.query('begin');
      // Every commit of an event needs the row of its bucket.
      await client.query(
        'select from events.buckets where bucket = (select bucket from directory.organizations where organization_id = $1) for update',
        [owner.organizationId],
      );
      const first = one();
      await eventually(async () => expect(await waiting('transactionid')).toBe(1));
      const second = other();
      await eventually(async () => expect(await waiting('advisory')).toBe(1));
      await client.query('commit');
      return Promise.all([first, second]);
    };
    const waiting = async (kind: string) => {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() and not granted
           and case when $1 = 'advisory' then locktype = 'advisory' else locktype <> 'advisory' end`,
        [kind],
      );
      return rows[0]!.count;
    };

    it('what comes after the close is refused', async () => {
      const id = await approvedOn('2026-03-09');
      const [closed, reversed] = await inThisOrder(
        () => close('2026-03-10'),
        () => owner.post(`/v1/finance/revenues/${id}/reversal`, at('2026-03-10')),
      );
      expect(closed!.as<Day>(200).counts).toEqual([]);
      expect(reversed!.expect(409).problem.code).toBe('business-day-closed');
    });

    it('the close waits for what came before it, and counts it', async () => {
      const id = await approvedOn('2026-03-09');
      const [reversed, closed] = await inThisOrder(
        () => owner.post(`/v1/finance/revenues/${id}/reversal`, at('2026-03-10')),
        () => close('2026-03-10'),
      );
      reversed!.expect(201);
      expect(closed!.as<Day>(200).counts).toMatchObject([{ expectedCents: -1_000 }]);
    });

    it('no closed day ever lacks what is on it, however they race', async () => {
      for (const day of ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']) {
        const ids = await Promise.all([1, 2, 3, 4].map(() => approvedOn('2026-02-01')));
        const reversals = ids.map((id) => owner.post(`/v1/finance/revenues/${id}/reversal`, at(day)));
        const closed = (await close(day)).as<Day>(200);
        const answers = await Promise.all(reversals);
        const made = answers.filter(({ status }) => status === 201).length;
        expect(answers.filter(({ status }) => status === 409)).toHaveLength(ids.length - made);
        expect(closed.counts.map(({ expectedCents }) => expectedCents)).toEqual(made === 0 ? [] : [made * -1_000]);
      }
    });
  });

  it('are approved by who has to, one after the other, one by one and in bulk', async () => {
    const currency = 'EUR';
    const rules = [
      { propertyId: property.id, currency, toCents: 100_00, roles: ['manager'] },
      {
        propertyId: property.id,
        currency,
        fromCents: 100_00,
        roles: ['manager', 'owner'],
        timeout: { hours: 1, action: 'reject' },
      },
    ];
    for (const rule of rules) (await owner.post('/v1/finance/approval-rules', rule)).expect(201);
    const overlapping = await owner.post('/v1/finance/approval-rules', { ...rules[0], toCents: 50_00 });
    expect(overlapping.expect(409).problem.code).toBe('approval-rules-overlap');

    const staff = await owner.invite('staff');
    const record = async (amountCents: number) =>
      (await staff.record('expense', property.id, { amountCents })).as<Transaction>(201).id;
    const [small, large, late] = [await record(99_99), await record(100_00), await record(100_01)];
    expect((await manager.decide('expense', small)).as<Transaction>(200).status).toBe('approved');
    const bulk = { decision: 'approved', transactionIds: [large, late] };
    const step = await manager.post('/v1/finance/approvals/bulk', bulk);
    expect(step.as<{ results: object[] }>(200).results).toMatchObject([{ status: 'advanced' }, { status: 'advanced' }]);
    // Asked again, and by another manager: the step is taken once, and the next is an owner's.
    expect((await manager.decide('expense', large)).as<Transaction>(200)).toMatchObject({ status: 'pending' });
    expect((await (await owner.invite('manager')).decide('expense', large)).status).toBe(403);
    const list = await owner.getAfter(step.position, `/v1/finance/pending-approvals?propertyId=${property.id}`);
    expect(list.as<{ data: object[] }>(200).data).toMatchObject([
      { id: large, awaitedRole: 'owner', approval: { step: 1, approvedBy: [manager.userId] } },
      { id: late, awaitedRole: 'owner' },
    ]);
    expect((await owner.decide('expense', large)).as<Transaction>(200)).toMatchObject({
      status: 'approved',
      approval: { step: 2, approvedBy: [manager.userId, owner.userId] },
    });
    await innkeep.database.asAdmin(
      `update finance.transactions set approval_due_at = now(), approval = jsonb_set(approval, '{dueAt}', to_jsonb(now())) where id = $1`,
      [late],
    );
    await eventually(
      async () =>
        expect((await owner.get(`/v1/finance/expenses/${late}`)).json()).toMatchObject({
          ...{ status: 'rejected', decidedBy: null, decisionReason: 'Nobody decided in time' },
        }),
      40,
    );
  });

  it('say what of an amount is tax, and what each category brought', async () => {
    const of = { propertyId: property.id, effectiveFrom: '2026-01-01' };
    for (const tax of [
      { ...of, name: 'VAT', rateBasisPoints: 2300, isInclusive: false },
      { ...of, name: 'VAT on rooms', category: 'Rooms', rateBasisPoints: 600, isInclusive: true },
    ])
      (await owner.post('/v1/finance/taxes', tax)).expect(201);
    const category = (await owner.post('/v1/finance/categories', { kind: 'revenue', name: `Rooms` })).as<{
      id: string;
    }>(201);
    const day = at('2026-03-10');
    const room = await owner.recordApproved('revenue', property.id, { ...day, amountCents: 106_00, category: 'rooms' });
    expect(room.transaction).toMatchObject({ category: 'Rooms', tax: { netCents: 100_00, taxCents: 6_00 } });
    const early = await owner.record('revenue', property.id, { ...at('2025-12-31'), amountCents: 100 });
    expect(early.as<Transaction>(201)).toMatchObject({ tax: null });
    const towels = await owner.recordApproved('expense', property.id, {
      ...day,
      amountCents: 10_00,
      paymentMode: 'card',
    });
    expect(towels.transaction).toMatchObject({ tax: { netCents: 10_00, taxCents: 2_30, grossCents: 12_30 } });
    const path = `/v1/finance/summary/categories?propertyId=${property.id}&from=2026-03-10`;
    const summary = await owner.getAfter(towels.position, path);
    expect(summary.as<{ categories: object[] }>(200).categories).toEqual([
      {
        ...{ kind: 'expense', category: null, currency: 'EUR', amountCents: 10_00, netCents: 10_00 },
        ...{ taxCents: 2_30, grossCents: 12_30, transactionCount: 1 },
      },
      {
        ...{ kind: 'revenue', category: 'Rooms', currency: 'EUR', amountCents: 106_00, netCents: 100_00 },
        ...{ taxCents: 6_00, grossCents: 106_00, transactionCount: 1 },
      },
    ]);
    const reversal = await owner.post(`/v1/finance/expenses/${towels.transaction.id}/reversal`, day);
    expect(reversal.as<Transaction>(201)).toMatchObject({ tax: { netCents: -10_00, taxCents: -2_30 } });
    const closed = await close('2026-03-10', [{ paymentMode: 'card', currency: 'EUR', countedCents: 0 }]);
    expect(closed.as<Day>(200).counts).toMatchObject([
      { paymentMode: 'card', expectedCents: 0, differenceCents: 0 },
      { paymentMode: null, expectedCents: 106_00, countedCents: null },
    ]);
    const byCard = await owner.getAfter(
      closed.position,
      `/v1/finance/expenses?propertyId=${property.id}&paymentMode=card`,
    );
    expect(byCard.as<{ data: object[] }>(200).data).toHaveLength(2);

    await owner.patch(`/v1/finance/categories/${category.id}`, { isArchived: true });
    const archived = await owner.record('revenue', property.id, { category: 'Rooms' });
    expect(archived.expect(409).problem.code).toBe('category-archived');
  });
});
