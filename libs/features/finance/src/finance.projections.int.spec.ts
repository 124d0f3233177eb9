import {
  type ApprovalChain,
  PropertyCreated,
  PropertyUpdated,
  type RecordedEvent,
  type TaxShare,
  TransactionApprovalAdvanced,
  TransactionApproved,
  TransactionChanged,
  TransactionDeleted,
  TransactionRecorded,
  TransactionRejected,
  TransactionReversed,
  type TransactionSnapshot,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed, sorted } from '@innkeep/testing';
import fc from 'fast-check';
import { finance } from './finance.feature';
import { modeDays } from './mode-days/mode-days.projection';
import { pendingApprovals } from './pending-approvals/pending-approvals.projection';
import { propertyCalendars } from './property-calendars/property-calendars.projection';
import { propertyNames } from './property-names/property-names.projection';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 15, seed: printedSeed('projections of finance') };

const property = fc.record({
  organization: organizationIndex,
  type: fc.constantFrom(PropertyCreated, PropertyUpdated),
  data: fc.record({
    propertyId: fc.integer({ min: 1, max: 3 }),
    name: fc.constantFrom('Casa do Rio', 'Моя гостиница', 'Kerzen 🕯'),
    timeZone: fc.constantFrom('Europe/Lisbon', 'Asia/Kolkata', 'UTC'),
    currency: fc.constantFrom('EUR', 'INR'),
    businessDayStartsAt: fc.constantFrom('00:00', '04:30', '11:59'),
  }),
});

const share: TaxShare = {
  ...{ taxId: 't', rateBasisPoints: 600, isInclusive: true },
  ...{ netCents: 94, taxCents: 6, grossCents: 100 },
};
const chain: ApprovalChain = {
  ...{ ruleId: 'r', roles: ['manager', 'owner'], step: 1, approvedBy: [7], forbidsOwn: true },
  ...{ timeout: { hours: 1, action: 'reject' }, dueAt: null },
};

/** Something that is tried on one of a few transactions: the first thing records it, what does not fit its state is left out. */
const attempt = fc.record({
  organization: organizationIndex,
  transaction: fc.nat(4),
  wish: fc.constantFrom(
    TransactionChanged,
    TransactionApprovalAdvanced,
    TransactionApproved,
    TransactionRejected,
    TransactionDeleted,
  ),
  amountCents: fc.integer({ min: 1, max: 10_000_000_000_000 }),
  category: fc.constantFrom(null, 'housekeeping'),
  tax: fc.constantFrom(null, undefined, share),
  approval: fc.constantFrom(null, undefined, chain),
  occurredAt: fc.constantFrom('2026-03-10T22:29:59.000Z', '2026-03-31T23:59:59.999Z'),
  actorId: fc.constantFrom(undefined, 7, 8),
});

function lives(attempts: readonly (typeof attempt extends fc.Arbitrary<infer A> ? A : never)[]): Happening[] {
  const snapshots = new Map<string, TransactionSnapshot>();
  return attempts.flatMap(({ organization, transaction, wish, actorId, ...particulars }): Happening[] => {
    const transactionId = `0198c5e2-7d3a-7c1e-9a55-0000000${organization}000${transaction}`;
    const before = snapshots.get(transactionId);
    const happens = (type: Happening['type'], data: TransactionSnapshot): Happening[] => {
      snapshots.set(transactionId, data);
      return [{ organization, type, data, actorId }];
    };
    const changes = { ...particulars, businessDay: particulars.occurredAt.slice(0, 10) };
    if (!before) {
      const kind = transaction % 2 ? 'revenue' : 'expense';
      return happens(TransactionRecorded, {
        ...changes,
        ...{ transactionId, kind, propertyId: 1 + (transaction % 3), currency: 'EUR', description: 'Fresh towels' },
        ...{ paymentMode: null, status: 'pending', externalReference: null, reversalOf: null },
      });
    }
    if (before.status === 'approved') {
      const data = { ...before, transactionId: transactionId.replace('0198', '0199'), reversalOf: transactionId };
      return [{ organization, type: TransactionReversed, data }];
    }
    if (before.status === 'rejected') return [];
    if (wish === TransactionChanged || wish === TransactionApprovalAdvanced)
      return happens(wish, { ...before, ...changes });
    if (wish === TransactionApproved) return happens(wish, { ...before, status: 'approved' });
    // A deleted one is pending in its last snapshot; nothing happens to it any more.
    const [event] = happens(wish, { ...before, status: 'rejected' });
    return [wish === TransactionDeleted ? { ...event!, data: before } : event!];
  });
}

function pendingRows(log: readonly RecordedEvent[]): object[] {
  const rows = new Map<string, object>();
  for (const { type, data, ...event } of log as RecordedEvent<string, TransactionSnapshot>[]) {
    if (type === 'TransactionReversed') continue;
    const key = `${event.organizationId} ${data.transactionId}`;
    const recorded = rows.get(key) ?? {
      recorded_by: event.actorId ?? null,
      recorded_at: event.recordedAt.toISOString(),
      recorded_version: event.version,
    };
    rows.delete(key);
    if (!['TransactionRecorded', 'TransactionChanged', 'TransactionApprovalAdvanced'].includes(type)) continue;
    rows.set(key, {
      ...recorded,
      bucket: event.bucket,
      organization_id: event.organizationId,
      transaction_id: data.transactionId,
      kind: data.kind,
      property_id: data.propertyId,
      amount_cents: data.amountCents,
      currency: data.currency,
      description: data.description,
      category: data.category,
      payment_mode: data.paymentMode,
      occurred_at: data.occurredAt,
      business_on: data.businessDay,
      tax: data.tax ?? null,
      approval: data.approval ?? null,
      version: event.version,
    });
  }
  return [...rows.values()];
}

/** What was approved or reversed, by payment mode and day. */
function modeDayRows(log: readonly RecordedEvent[]): object[] {
  const rows = new Map<string, { received_cents: number; expenses_cents: number }>();
  for (const { type, data, ...event } of log as RecordedEvent<string, TransactionSnapshot>[]) {
    if (type !== 'TransactionApproved' && type !== 'TransactionReversed') continue;
    const key = {
      ...{ bucket: event.bucket, organization_id: event.organizationId, property_id: data.propertyId },
      ...{ payment_mode: data.paymentMode ?? '', currency: data.currency, business_on: data.businessDay },
    };
    const name = JSON.stringify(key);
    const row = rows.get(name) ?? { ...key, received_cents: 0, expenses_cents: 0 };
    row[data.kind === 'revenue' ? 'received_cents' : 'expenses_cents'] += data.tax?.grossCents ?? data.amountCents;
    rows.set(name, row);
  }
  return [...rows.values()];
}

type PropertyData = { propertyId: number; name: string; timeZone: string; businessDayStartsAt: string };

function lastOfProperties(log: readonly RecordedEvent[], columns: (data: PropertyData) => object): object[] {
  const rows = (log as RecordedEvent<string, PropertyData>[]).map(({ bucket, organizationId, data }) => {
    const row = { bucket, organization_id: organizationId, property_id: data.propertyId, ...columns(data) };
    return [`${organizationId} ${data.propertyId}`, row] as const;
  });
  return [...new Map(rows).values()];
}

/** PostgreSQL writes an instant with its offset, JavaScript with a Z. */
const withInstants = (rows: readonly object[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, name.endsWith('_at') ? new Date(value).toISOString() : value]),
    ),
  );

describe('the projections of finance', () => {
  let under: ProjectionsUnderTest<Projection>;
  beforeAll(async () => {
    under = await ProjectionsUnderTest.open(foldOf);
  });
  afterAll(() => under.close());

  it('pending approvals hold what is pending, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 80, size: 'max' }), cuts, async (attempts, batches) => {
        const log = logOf(lives(attempts));
        const rows = withInstants(await under.rowsAfter(pendingApprovals, log, batches));
        expect(sorted(rows)).toEqual(sorted(pendingRows(log)));
      }),
      runs,
    );
  });

  it('days of payment modes hold what was approved and reversed, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 80, size: 'max' }), cuts, async (attempts, batches) => {
        const log = logOf(lives(attempts));
        const rows = await under.rowsAfter(modeDays, log, batches);
        expect(sorted(rows)).toEqual(sorted(modeDayRows(log)));
      }),
      runs,
    );
  });

  it('names and calendars are those of the last event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(property, { maxLength: 40, size: 'max' }), cuts, async (happenings, batches) => {
        const log = logOf(happenings);
        const names = await under.rowsAfter(propertyNames, log, batches);
        expect(sorted(names)).toEqual(sorted(lastOfProperties(log, ({ name }) => ({ name }))));
        const calendars = await under.rowsAfter(propertyCalendars, log, batches);
        const calendarOf = ({ timeZone, businessDayStartsAt }: PropertyData) => ({
          time_zone: timeZone,
          business_day_starts_at: `${businessDayStartsAt}:00`,
        });
        expect(sorted(calendars)).toEqual(sorted(lastOfProperties(log, calendarOf)));
      }),
      runs,
    );
  });

  it.each(finance.projections!)('$name folds into the table it is given and no other', ({ fold, table }) => {
    const { text } = fold(rawSql('batch'), rawSql('built.beside')).compile();
    expect(text).toContain('built.beside');
    expect(text).not.toContain(table);
  });
});
