import { eventually } from '@innkeep/testing';
import { SharedInnkeep, type Member, type Page, type Property, type Transaction, signUp } from './system';

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

describe('who reads', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
  });
  beforeEach(async () => {
    property = await owner.addProperty();
  });

  describe('gets', () => {
    it('pages that miss nothing and repeat nothing while others record', async () => {
      const at = (minute: number) => `2026-03-10T10:${String(minute).padStart(2, '0')}:00Z`;
      const items = Array.from({ length: 25 }, (_, index) => ({
        propertyId: property.id,
        amountCents: index + 1,
        description: `Item ${index}`,
        // Several of one instant, so that the order between them has to be told by something else.
        occurredAt: at(Math.floor(index / 3)),
      }));
      const recorded = await owner.post('/v1/finance/revenues/bulk', { items });
      const wanted = recorded
        .as<{ results: { transaction: Transaction }[] }>(200)
        .results.map(({ transaction }) => transaction.id);

      const seen: Transaction[] = [];
      const list = `/v1/finance/revenues?propertyId=${property.id}&limit=7`;
      let cursor: string | null = null;
      do {
        const suffix: string = cursor ? `&cursor=${cursor}` : '';
        const page: Page<Transaction> = (await owner.getAfter(recorded.position, list + suffix)).as<Page<Transaction>>(
          200,
        );
        seen.push(...page.data);
        cursor = page.nextCursor;
        (await owner.record('revenue', property.id, { occurredAt: at(59) })).expect(201);
      } while (cursor);
      expect(seen.map(({ id }) => id).sort()).toEqual([...wanted].sort());
      const times = seen.map(({ occurredAt }) => occurredAt);
      expect(times).toEqual([...times].sort().reverse());
    });

    it('a cursor only with the filter it came from', async () => {
      const items = [1, 2].map((amountCents) => ({ propertyId: property.id, amountCents, description: 'One of two' }));
      const { position } = await owner.post('/v1/finance/revenues/bulk', { items });
      const first = await owner.getAfter(position, `/v1/finance/revenues?propertyId=${property.id}&limit=1`);
      const { nextCursor } = first.as<Page<Transaction>>(200);
      for (const path of [
        `/v1/finance/expenses?propertyId=${property.id}&limit=1`,
        `/v1/finance/revenues?propertyId=${property.id}&status=pending`,
        '/v1/properties?limit=1',
      ]) {
        expect((await owner.get(`${path}&cursor=${nextCursor}`)).expect(400).problem.code).toBe('invalid-cursor');
      }
    });

    it('304 as long as nothing has changed, and the new answer after', async () => {
      const { position } = await owner.recordApproved('revenue', property.id, { occurredAt: noon });
      for (const path of [
        dailyReport(property),
        monthlyReport(property),
        `/v1/finance/revenues?propertyId=${property.id}`,
      ]) {
        const read = (await owner.getAfter(position, path)).expect(200);
        expect(read.etag).toMatch(/^W\/"/);
        const same = await owner.get(path, { 'if-none-match': `"other", ${read.etag}` });
        expect(same.expect(304).bytes).toHaveLength(0);
        expect(same.etag).toBe(read.etag);
      }
      const before = await owner.getAfter(position, dailyReport(property));
      const next = await owner.recordApproved('revenue', property.id, { occurredAt: noon });
      const after = await owner.get(dailyReport(property), {
        'if-none-match': before.etag,
        'innkeep-min-position': String(next.position),
      });
      expect(after.as<Report>(200).totalReceivedCents).toBe(2_000);
    });

    it('304 for an item that was not changed since, by its time too, once that tells', async () => {
      const { id } = (await owner.record('expense', property.id)).as<{ id: string }>(201);
      const item = `/v1/finance/expenses/${id}`;
      const settled = await eventually(async () => {
        const answer = (await owner.get(item)).expect(200);
        expect(answer.headers.get('last-modified')).not.toBeNull();
        return answer;
      });
      const since = { 'if-modified-since': settled.headers.get('last-modified')! };
      expect((await owner.get(item, since)).expect(304).bytes).toHaveLength(0);
      expect((await owner.get(item, { ...since, 'if-none-match': '"0"' })).status).toBe(200);
      const before = { 'if-modified-since': 'Sat, 14 Mar 2026 09:26:53 GMT' };
      expect((await owner.get(item, before)).status).toBe(200);
      expect((await owner.get(item, { ...before, 'if-none-match': settled.etag })).status).toBe(304);
      (await owner.patch(item, { amountCents: 2 })).expect(200);
      expect((await owner.get(item, since)).as<{ amountCents: number }>(200).amountCents).toBe(2);
    });

    it('from a position that is still to come: what there is, with its own position', async () => {
      const { position } = await owner.recordApproved('revenue', property.id, { occurredAt: noon });
      await eventually(async () => {
        expect((await owner.get(dailyReport(property))).position).toBe(position);
      });
      for (const path of [dailyReport(property), `/v1/finance/revenues?propertyId=${property.id}`, '/v1/auth/me']) {
        const answer = await owner.get(path, { 'innkeep-min-position': String(position + 1_000) });
        expect(answer.expect(200).position).toBe(position);
      }
    });

    it('what was kept in memory anew after a change, without asking for a position', async () => {
      await owner.recordApproved('revenue', property.id, { occurredAt: noon });
      await eventually(async () => {
        expect((await owner.get(monthlyReport(property))).as<Report>(200).totalReceivedCents).toBe(1_000);
      });
      await eventually(async () => {
        expect((await owner.get(monthlyReport(property))).headers.get('cache-status')).toBe('innkeep-memory; hit');
      });
      await owner.recordApproved('revenue', property.id, { occurredAt: noon });
      await eventually(async () => {
        expect((await owner.get(monthlyReport(property))).as<Report>(200).totalReceivedCents).toBe(2_000);
      });
    });
  });
});
