import { SharedInnkeep, type Member, type Page, type Property, type Transaction, newKey, signUp } from './system';

interface Report {
  readonly totalReceivedCents: number;
  readonly totalExpensesCents: number;
  readonly netCents: number;
  readonly currency: string;
  readonly transactionCount: number;
  readonly transactions?: readonly { readonly id: string }[];
  readonly days?: readonly { readonly date: string; readonly netCents: number }[];
}

const day = '2026-03-10';
const noon = `${day}T12:00:00Z`;

const dailyReport = (property: Property, date = day, more = '') =>
  `/v1/reports/daily-report?propertyId=${property.id}&date=${date}${more}`;
const monthlyReport = (property: Property) => `/v1/reports/monthly-report?propertyId=${property.id}&year=2026&month=3`;

describe('an owner', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
  });
  beforeEach(async () => {
    property = await owner.addProperty();
  });

  describe('records an expense', () => {
    it('that counts in no report until it is approved, and in all of them at once after', async () => {
      const recorded = await owner.record('expense', property.id, { amountCents: 12_50, occurredAt: noon });
      const expense = recorded.as<Transaction>(201);
      expect(expense).toMatchObject({ status: 'pending', currency: 'EUR', businessDay: day, amountCents: 12_50 });
      const before = await owner.getAfter(recorded.position, dailyReport(property));
      expect(before.as<Report>(200)).toMatchObject({ totalExpensesCents: 0, transactionCount: 0 });
      const pending = await owner.getAfter(recorded.position, `/v1/finance/summary?propertyId=${property.id}`);
      expect(pending.as<{ totals: unknown }>(200).totals).toMatchObject([
        { pendingExpensesCents: 12_50, pendingCount: 1 },
      ]);

      const approved = await owner.decide('expense', expense.id);
      expect(approved.as<Transaction>(200).status).toBe('approved');
      expect(approved.position).toBe(recorded.position + 1);
      const totals = { totalReceivedCents: 0, totalExpensesCents: 12_50, netCents: -12_50, currency: 'EUR' };
      const after = await owner.getAfter(approved.position, dailyReport(property, day, '&expand=transactions'));
      expect(after.as<Report>(200)).toMatchObject({ ...totals, date: day, transactions: [{ id: expense.id }] });
      expect(after.position).toBeGreaterThanOrEqual(approved.position);
      const month = (await owner.getAfter(approved.position, monthlyReport(property))).as<Report>(200);
      expect(month).toMatchObject({ ...totals, year: 2026, month: 3, days: [{ date: day, netCents: -12_50 }] });
      const listed = await owner.getAfter(
        approved.position,
        `/v1/reports/date-transactions?propertyId=${property.id}&date=${day}`,
      );
      expect(listed.as<Page<Transaction>>(200)).toMatchObject({
        data: [{ id: expense.id, amountCents: 12_50 }],
        nextCursor: null,
      });
      const summary = await owner.getAfter(approved.position, `/v1/finance/summary?propertyId=${property.id}`);
      expect(summary.as<{ totals: unknown }>(200).totals).toEqual([
        {
          currency: 'EUR',
          receivedCents: 0,
          expensesCents: 12_50,
          netCents: -12_50,
          pendingRevenuesCents: 0,
          pendingExpensesCents: 0,
          pendingCount: 0,
        },
      ]);
    });

    it('once, however often the request is sent, and gets the same bytes', async () => {
      const key = newKey();
      const body = { propertyId: property.id, amountCents: 700, description: 'Kerzen für Zimmer 7 🕯' };
      const answers = await Promise.all(Array.from({ length: 6 }, () => owner.post('/v1/finance/expenses', body, key)));
      // Those that came while the first was running are told so, and may ask again.
      for (const answer of answers.filter(({ status }) => status !== 201))
        expect(answer.expect(409).problem.code).toBe('idempotency-in-progress');
      const first = answers.find(({ status, headers }) => status === 201 && !headers.has('idempotent-replayed'))!;
      const again = (await owner.post('/v1/finance/expenses', body, key)).expect(201);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(again.bytes.equals(first.bytes)).toBe(true);
      expect(again.position).toBe(first.position);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      const other = await owner.post('/v1/finance/expenses', { ...body, amountCents: 701 }, key);
      expect(other.expect(409).problem.code).toBe('idempotency-key-reused');
      const elsewhere = await owner.post('/v1/finance/revenues', body, key);
      expect(elsewhere.expect(409).problem.code).toBe('idempotency-key-reused');
      const list = await owner.getAfter(first.position, `/v1/finance/expenses?propertyId=${property.id}`);
      expect(list.as<Page<Transaction>>(200).data).toHaveLength(1);
    });

    it('changes it, deletes it, and corrects it once it is approved', async () => {
      const recorded = await owner.record('expense', property.id, { occurredAt: noon });
      const path = `/v1/finance/expenses/${recorded.as<Transaction>(201).id}`;
      const read = await owner.get(path);
      expect(read.expect(200).etag).toBe(recorded.etag);
      const changed = await owner.patch(path, { amountCents: 2_000 }, { 'if-match': read.etag });
      expect(changed.as<Transaction>(200).amountCents).toBe(2_000);
      const stale = await owner.patch(path, { amountCents: 3_000 }, { 'if-match': read.etag });
      expect(stale.expect(412).problem.code).toBe('precondition-failed');
      expect((await owner.get(path)).as<Transaction>(200).amountCents).toBe(2_000);

      const asSeen = { 'if-match': read.etag };
      const late = [
        await owner.send('DELETE', path, { headers: asSeen }),
        await owner.send('PUT', `${path}/approval`, { body: { decision: 'approved' }, headers: asSeen }),
      ];
      expect(late.map(({ status, problem }) => [status, problem.code])).toEqual([
        [412, 'precondition-failed'],
        [412, 'precondition-failed'],
      ]);
      const body = { decision: 'approved' };
      const approved = await owner.send('PUT', `${path}/approval`, { body, headers: { 'if-match': changed.etag } });
      approved.expect(200);
      // Asked again with the version of before, as by a client whose connection broke.
      const again = await owner.send('PUT', `${path}/approval`, { body, headers: { 'if-match': changed.etag } });
      expect(again.expect(200).position).toBe(approved.position);
      const unseen = await owner.send('POST', `${path}/reversal`, { body: {}, headers: { 'if-match': changed.etag } });
      expect(unseen.expect(412).problem.code).toBe('precondition-failed');
      expect((await owner.put(`${path}/approval`, { decision: 'approved' })).expect(200).position).toBe(
        approved.position,
      );
      const refusals = [
        await owner.put(`${path}/approval`, { decision: 'rejected' }),
        await owner.patch(path, { amountCents: 1 }),
        await owner.delete(path),
      ];
      expect(refusals.map(({ status, problem }) => [status, problem.code])).toEqual([
        [409, 'transaction-already-decided'],
        [409, 'transaction-not-pending'],
        [409, 'transaction-not-pending'],
      ]);

      const reversed = await owner.post(`${path}/reversal`, { reason: 'Entered twice', occurredAt: noon });
      expect(reversed.as<Transaction>(201)).toMatchObject({ amountCents: -2_000, status: 'approved' });
      expect((await owner.post(`${path}/reversal`, {})).expect(409).problem.code).toBe('transaction-already-reversed');
      const report = await owner.getAfter(reversed.position, dailyReport(property));
      expect(report.as<Report>(200)).toMatchObject({ totalExpensesCents: 0, transactionCount: 2 });

      const unwanted = (await owner.record('expense', property.id)).as<Transaction>(201);
      await owner.delete(`/v1/finance/expenses/${unwanted.id}`).then((answer) => answer.expect(204));
      expect((await owner.get(`/v1/finance/expenses/${unwanted.id}`)).status).toBe(404);
      expect((await owner.delete(`/v1/finance/expenses/${unwanted.id}`)).status).toBe(404);
    });
  });

  describe('sends many at once', () => {
    it('and is told of each whether it was recorded, known or invalid', async () => {
      const good = { propertyId: property.id, amountCents: 100, description: 'Stay', occurredAt: noon };
      const known = { ...good, externalReference: 'stay-1' };
      const before = (await owner.record('revenue', property.id, known)).as<Transaction>(201);
      const items = [
        good,
        { ...good, amountCents: -5 },
        { ...known, amountCents: 999 },
        { ...good, propertyId: property.id + 1_000_000 },
        { ...good, externalReference: 'stay-2' },
        { ...good, externalReference: 'stay-2' },
        'nonsense',
        { ...good, occurredAt: '1999-12-31T12:00:00Z' },
        { ...good, surprise: true },
      ];
      const answer = await owner.post('/v1/finance/revenues/bulk', { items });
      const { results } = answer.as<{ results: { status: string; code?: string; transaction?: Transaction }[] }>(200);
      expect(results.map(({ status, code }) => code ?? status)).toEqual([
        'recorded',
        'invalid-request',
        'known',
        'property-unknown',
        'recorded',
        'known',
        'invalid-request',
        'occurred-at-out-of-range',
        'invalid-request',
      ]);
      expect(results[2]!.transaction).toEqual(before);
      expect(results[5]!.transaction!.id).toBe(results[4]!.transaction!.id);

      const decided = await owner.post('/v1/finance/approvals/bulk', {
        decision: 'approved',
        transactionIds: [before.id, results[0]!.transaction!.id, before.id, '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'],
      });
      const verdicts = decided.as<{ results: { id: string; status: string; problem?: { code: string } }[] }>(
        200,
      ).results;
      expect(verdicts.map(({ status, problem }) => problem?.code ?? status)).toEqual([
        'approved',
        'approved',
        'not-found',
      ]);
      const report = await owner.getAfter(decided.position, dailyReport(property));
      expect(report.as<Report>(200)).toMatchObject({ totalReceivedCents: 200, transactionCount: 2 });
    });

    it('and needs a second pair of eyes where a manager recorded', async () => {
      const manager = await owner.invite('manager');
      const own = (await manager.record('expense', property.id)).as<Transaction>(201);
      expect((await manager.decide('expense', own.id)).expect(403).problem.code).toBe('forbidden');
      const bulk = await manager.post('/v1/finance/approvals/bulk', { decision: 'approved', transactionIds: [own.id] });
      expect(bulk.as<{ results: unknown }>(200).results).toMatchObject([
        { status: 'refused', problem: { code: 'forbidden' } },
      ]);
      const others = (await owner.record('expense', property.id)).as<Transaction>(201);
      expect((await manager.decide('expense', others.id)).as<Transaction>(200).status).toBe('approved');
      expect((await owner.decide('expense', own.id)).as<Transaction>(200).status).toBe('approved');
    });
  });

  it('refuses an external reference that the property has already', async () => {
    (await owner.record('revenue', property.id, { externalReference: 'stay-9' })).expect(201);
    const again = await owner.record('revenue', property.id, { externalReference: 'stay-9' });
    expect(again.expect(409).problem).toMatchObject({
      code: 'external-reference-taken',
      errors: [{ pointer: '/externalReference' }],
    });
    const other = await owner.addProperty();
    (await owner.record('revenue', other.id, { externalReference: 'stay-9' })).expect(201);
  });

  it('counts by the business day of a property in Kolkata that begins at four in the morning', async () => {
    const inKolkata = await owner.addProperty({
      timeZone: 'Asia/Kolkata',
      currency: 'INR',
      businessDayStartsAt: '04:00',
    });
    // Kolkata is five and a half hours ahead: 22:29 UTC is one minute to four there.
    const night = await owner.recordApproved('revenue', inKolkata.id, { occurredAt: '2026-03-10T22:29:59Z' });
    const morning = await owner.recordApproved('revenue', inKolkata.id, {
      occurredAt: '2026-03-11T04:00:00+05:30',
      amountCents: 5,
    });
    expect([night, morning].map(({ transaction }) => transaction.businessDay)).toEqual([day, '2026-03-11']);
    const reports = await Promise.all(
      [day, '2026-03-11'].map((date) => owner.getAfter(morning.position, dailyReport(inKolkata, date))),
    );
    expect(reports.map((report) => report.as<Report>(200))).toMatchObject([
      { totalReceivedCents: 1_000, currency: 'INR' },
      { totalReceivedCents: 5, currency: 'INR' },
    ]);
  });

  it('renames a property, but not over the head of somebody who was faster', async () => {
    const path = `/v1/properties/${property.id}`;
    const read = (await owner.get(path)).expect(200);
    const renamed = await owner.patch(path, { name: 'Casa do Rio Velho' }, { 'if-match': read.etag });
    expect(renamed.as<Property>(200).name).toBe('Casa do Rio Velho');
    const late = await owner.patch(path, { name: 'Casa Nova' }, { 'if-match': read.etag });
    expect(late.expect(412).problem.code).toBe('precondition-failed');
    const recorded = await owner.record('expense', property.id);
    const list = await owner.getAfter(recorded.position, `/v1/finance/expenses?propertyId=${property.id}`);
    expect(list.as<{ data: unknown }>(200).data).toMatchObject([{ propertyName: 'Casa do Rio Velho' }]);
  });
});
