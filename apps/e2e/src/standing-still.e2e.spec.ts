import { features } from '@innkeep/assembly';
import { ProjectionOperations } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { testMasterKeys } from '@innkeep/testing';
import { Pool } from 'pg';
import { InnkeepUnderTest, type Member, type Property, type Transaction, signUp } from './system';

const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);
const readModels = [
  'reports_daily_summary',
  'reports_monthly_summary',
  'reports_day_transactions',
  'reports_property_currencies',
  'reports_property_calendars',
  'reports_profit_loss',
  'finance_pending_approvals',
  'finance_property_names',
  'finance_property_calendars',
];

describe('while read models stand still', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let property: Property;

  const all = async (command: 'pause' | 'resume') => {
    const pool = new Pool({ connectionString: innkeep.database.urlFor('projector'), max: 3 });
    const operations = new ProjectionOperations(pool, projections, MasterKeys.fromJson(testMasterKeys));
    try {
      for (const name of readModels) await operations[command](name);
    } finally {
      await pool.end();
    }
  };

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody, 'Standing still');
    property = await owner.addProperty();
  });

  const paths = (day: string) => [
    `/v1/reports/daily-report?propertyId=${property.id}&date=${day}`,
    `/v1/reports/daily-report?propertyId=${property.id}&date=${day}&expand=transactions`,
    `/v1/reports/daily-report?propertyId=${property.id}&date=2026-03-02`,
    `/v1/reports/monthly-report?propertyId=${property.id}&year=2026&month=3`,
    `/v1/reports/date-transactions?propertyId=${property.id}&date=${day}&limit=2`,
    `/v1/finance/summary?propertyId=${property.id}`,
    `/v1/finance/pending-approvals`,
    `/v1/finance/pending-approvals?propertyId=${property.id}&limit=1`,
    `/v1/finance/today-pending-transactions?propertyId=${property.id}`,
    `/v1/dashboard`,
    `/v1/finance/profit-loss?propertyId=${property.id}&year=2026`,
    `/v1/finance/profit-loss?propertyId=${property.id}&year=2026&month=3`,
  ];
  const bodies = async (position: number, day: string) =>
    Promise.all(
      paths(day).map(async (path) => {
        const answer = (await owner.getAfter(position, path)).expect(200);
        // Cursors are sealed, and what an answer says of its own age is another matter; a transaction and its event each look at the
        // clock when they are written.
        const text = answer.text
          .replace(/"(nextCursor|asOf|recordedAt)":"[^"]*"/g, '"$1":"…"')
          .replace(/"position":\d+/g, '');
        return { path, text, position: answer.position, asOf: answer.headers.get('innkeep-as-of') };
      }),
    );

  /** Properties that the read models have not heard of are found, and none that is not there. */
  async function findsNewProperties() {
    const added = await owner.addProperty({ name: 'Quinta Nova', currency: 'JPY' });
    const { position } = await owner.record('revenue', added.id, { amountCents: 9 });
    const report = `/v1/reports/daily-report?date=2026-03-10&propertyId=`;
    const summary = `/v1/finance/summary?propertyId=`;
    const waiting = `/v1/finance/pending-approvals?propertyId=`;
    expect((await owner.getAfter(position, `${report}${added.id}`)).as(200)).toMatchObject({ currency: 'JPY' });
    (await owner.getAfter(position, `${summary}${added.id}`)).expect(200);
    const pending = await owner.getAfter(position, `${waiting}${added.id}`);
    expect(pending.as(200)).toMatchObject({ data: [{ propertyName: 'Quinta Nova', amountCents: 9 }] });
    for (const path of [report, summary, waiting]) (await owner.get(`${path}9999999`)).expect(404);
    await owner.delete(`/v1/finance/revenues/${pending.as<{ data: Transaction[] }>(200).data[0]!.id}`);
  }

  it('is answered the same from the write model, which knows what they lack, and says when it was read', async () => {
    const march = { occurredAt: '2026-03-10T12:00:00Z' };
    await owner.recordApproved('expense', property.id, { ...march, category: 'linen', paymentMode: 'cash' });
    await owner.recordApproved('revenue', property.id, { occurredAt: '2026-03-31T23:30:00Z', amountCents: 7_350 });
    const before = await owner.record('expense', property.id, { ...march, description: 'Waits' });
    await owner.getAfter(before.position, paths('2026-03-10')[6]!);
    await all('pause');

    const { transaction } = await owner.recordApproved('revenue', property.id, { ...march, amountCents: 123 });
    await owner.post(`/v1/finance/revenues/${transaction.id}/reversal`, { reason: 'Was another guest' });
    (await owner.record('expense', property.id, { description: 'Waits too' })).expect(201);
    const deleted = (await owner.record('expense', property.id)).as<Transaction>(201);
    await owner.delete(`/v1/finance/expenses/${deleted.id}`);
    // The one that has waited longest stays first though it was changed last.
    const id = before.as<Transaction>(201).id;
    const changed = await owner.patch(`/v1/finance/expenses/${id}`, { amountCents: 4_321 });
    changed.expect(200);
    await findsNewProperties();
    const { position } = await owner.recordApproved('revenue', property.id, { amountCents: 5_501 });

    const direct = await bodies(position, '2026-03-10');
    for (const { asOf, position: shown } of direct) {
      expect(shown).toBeGreaterThanOrEqual(position);
      expect(Date.parse(asOf!)).not.toBeNaN();
    }
    const metrics = (await innkeep.anybody.get('/metrics')).text;
    for (const name of ['reports_daily_summary', 'finance_pending_approvals', 'finance_property_names'])
      expect(metrics).toMatch(new RegExp(`^stale_reads_total\\{read_model="${name}",from="write-model"\\} [1-9]`, 'm'));

    await all('resume');
    const usual = await bodies(position, '2026-03-10');
    expect(usual.map(({ asOf }) => asOf)).toEqual(usual.map(() => null));
    expect(usual.map(({ path, text }) => ({ path, text }))).toEqual(direct.map(({ path, text }) => ({ path, text })));
  });
});
