import {
  PropertyCreated,
  PropertyUpdated,
  type RecordedEvent,
  TransactionApproved,
  TransactionRecorded,
  TransactionReversed,
  type TransactionSnapshot,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed, sorted } from '@innkeep/testing';
import fc from 'fast-check';
import { dailySummary } from './daily-summary/daily-summary.projection';
import { dayTransactions } from './day-transactions/day-transactions.projection';
import { monthlySummary } from './monthly-summary/monthly-summary.projection';
import { profitLoss } from './profit-loss/profit-loss.projection';
import { propertyCalendars } from './property-calendars/property-calendars.projection';
import { propertyCurrencies } from './property-currencies/property-currencies.projection';
import { reports } from './reports.feature';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 15, seed: printedSeed('projections of reports') };

/** Few values each, so that many transactions meet in one row. */
const transaction = fc.record({
  organization: organizationIndex,
  type: fc.constantFrom(TransactionApproved, TransactionApproved, TransactionReversed, TransactionRecorded),
  data: fc.record({
    kind: fc.constantFrom('expense' as const, 'revenue' as const),
    propertyId: fc.integer({ min: 1, max: 2 }),
    amountCents: fc.integer({ min: -10_000_000_000_000, max: 10_000_000_000_000 }),
    currency: fc.constantFrom('EUR', 'INR'),
    description: fc.constantFrom('Fresh towels', 'Ремонт'),
    category: fc.constantFrom(null, 'housekeeping', 'Küche'),
    paymentMode: fc.constantFrom(null, 'cash'),
    occurredAt: fc.constant('2026-03-10T22:29:59.000Z'),
    businessDay: fc.constantFrom('2026-02-28', '2026-03-01', '2026-03-31', '2027-03-01'),
    status: fc.constant('approved' as const),
    externalReference: fc.constant(null),
    reversalOf: fc.constantFrom(null, '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'),
  }),
});
const property = fc.record({
  organization: organizationIndex,
  type: fc.constantFrom(PropertyCreated, PropertyUpdated),
  data: fc.record({
    propertyId: fc.integer({ min: 1, max: 3 }),
    name: fc.constant('Casa do Rio'),
    timeZone: fc.constantFrom('Europe/Lisbon', 'Asia/Kolkata'),
    currency: fc.constantFrom('EUR', 'INR'),
    businessDayStartsAt: fc.constantFrom('00:00', '04:30', '11:59'),
  }),
});

type Told = RecordedEvent<string, TransactionSnapshot>;

/** A log with a transaction of its own for each event, and what of it counts in reports. */
function logWithIds(happenings: readonly Happening[]): { log: RecordedEvent[]; counted: Told[] } {
  const log = logOf(
    happenings.map((one, index) => {
      const transactionId = `0198c5e2-7d3a-7c1e-9a55-${String(index).padStart(12, '0')}`;
      return { ...one, data: { ...one.data, transactionId } };
    }),
  );
  return { log, counted: (log as Told[]).filter(({ type }) => type !== TransactionRecorded.type) };
}

/** One row for each key: the key and the sums of the transactions that have it. */
function grouped(
  events: readonly Told[],
  keyOf: (data: TransactionSnapshot) => object,
  sumOf: (data: readonly TransactionSnapshot[]) => object,
): object[] {
  const groups = new Map<string, TransactionSnapshot[]>();
  for (const { bucket, organizationId, data } of events) {
    const key = { bucket, organization_id: organizationId, property_id: data.propertyId, currency: data.currency };
    const name = JSON.stringify({ ...key, ...keyOf(data) });
    groups.set(name, [...(groups.get(name) ?? []), data]);
  }
  return [...groups].map(([name, data]) => ({
    ...(JSON.parse(name) as object),
    ...sumOf(data),
    transaction_count: data.length,
  }));
}

const amountOf = (data: readonly TransactionSnapshot[]) => data.reduce((sum, { amountCents }) => sum + amountCents, 0);
const summaryOf = (data: readonly TransactionSnapshot[]) => ({
  received_cents: amountOf(data.filter(({ kind }) => kind === 'revenue')),
  expenses_cents: amountOf(data.filter(({ kind }) => kind === 'expense')),
});
const monthOf = ({ businessDay }: TransactionSnapshot) => `${businessDay.slice(0, 7)}-01`;

describe('the projections of reports', () => {
  let under: ProjectionsUnderTest<Projection>;
  beforeAll(async () => {
    under = await ProjectionsUnderTest.open(foldOf);
  });
  afterAll(() => under.close());

  it('sums by day, month and category are those of a fold in memory, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { maxLength: 60, size: 'max' }), cuts, async (happenings, batches) => {
        const { log, counted } = logWithIds(happenings);
        const days = grouped(counted, ({ businessDay }) => ({ business_on: businessDay }), summaryOf);
        expect(sorted(await under.rowsAfter(dailySummary, log, batches))).toEqual(sorted(days));
        const months = grouped(counted, (data) => ({ month_on: monthOf(data) }), summaryOf);
        expect(sorted(await under.rowsAfter(monthlySummary, log, batches))).toEqual(sorted(months));
        const lines = grouped(
          counted,
          (data) => ({ month_on: monthOf(data), kind: data.kind, category: data.category ?? '' }),
          (data) => ({ amount_cents: amountOf(data) }),
        );
        expect(sorted(await under.rowsAfter(profitLoss, log, batches))).toEqual(sorted(lines));
      }),
      runs,
    );
  });

  it('transactions of a day are all that were approved or reversed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { maxLength: 30, size: 'max' }), cuts, async (happenings, batches) => {
        const { log, counted } = logWithIds(happenings);
        const rows = counted.map(({ bucket, organizationId, data }) => ({
          bucket,
          organization_id: organizationId,
          property_id: data.propertyId,
          business_on: data.businessDay,
          occurred_at: '2026-03-10T22:29:59+00:00',
          transaction_id: data.transactionId,
          kind: data.kind,
          amount_cents: data.amountCents,
          currency: data.currency,
          description: data.description,
          category: data.category,
          payment_mode: data.paymentMode,
          reversal_of: data.reversalOf,
        }));
        const found = await under.rowsAfter(dayTransactions, log, batches);
        const inUtc = found.map((row) => ({ ...row, occurred_at: '2026-03-10T22:29:59+00:00' }));
        expect(sorted(inUtc)).toEqual(sorted(rows));
      }),
      { ...runs, numRuns: 10 },
    );
  });

  it('currencies and calendars are those of the last event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(property, { maxLength: 40, size: 'max' }), cuts, async (happenings, batches) => {
        const log = logOf(happenings) as RecordedEvent<string, (typeof happenings)[number]['data']>[];
        const last = new Map(log.map((event) => [`${event.organizationId} ${event.data.propertyId}`, event]));
        const rows = (columns: (data: (typeof happenings)[number]['data']) => object) =>
          [...last.values()].map(({ bucket, organizationId, data }) => ({
            ...{ bucket, organization_id: organizationId, property_id: data.propertyId },
            ...columns(data),
          }));
        expect(sorted(await under.rowsAfter(propertyCurrencies, log, batches))).toEqual(
          sorted(rows(({ currency }) => ({ currency }))),
        );
        expect(sorted(await under.rowsAfter(propertyCalendars, log, batches))).toEqual(
          sorted(
            rows(({ timeZone, businessDayStartsAt }) => ({
              ...{ time_zone: timeZone, business_day_starts_at: `${businessDayStartsAt}:00` },
            })),
          ),
        );
      }),
      runs,
    );
  });

  it.each(reports.projections!)('$name folds into the table it is given and no other', ({ fold, table }) => {
    const { text } = fold(rawSql('batch'), rawSql('built.beside')).compile();
    expect(text).toContain('built.beside');
    expect(text).not.toContain(table);
  });
});
