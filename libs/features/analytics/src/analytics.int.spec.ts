import {
  GuestCheckedIn,
  GuestCheckedOut,
  PropertyCreated,
  StayChanged,
  TransactionApproved,
  TransactionReversed,
  UnitAdded,
  UnitChanged,
} from '@innkeep/contracts';
import { Directory, Reader, Shard, Shards } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { Pool } from 'pg';
import { analytics } from './analytics.feature';
import { roomCategories } from './days/days.projection';
import { GetOverview, GetOverviewHandler } from './get-overview/get-overview.query';
import { type Period, comparedWith } from './get-overview/period';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 15, seed: printedSeed('analytics') };

const dayOf = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const day = fc.integer({ min: 0, max: 40 });
const propertyId = fc.integer({ min: 1, max: 3 });
const ownCurrency = (property: number) => (property === 3 ? 'USD' : 'EUR');

interface Amount {
  readonly kind: 'expense' | 'revenue';
  readonly amountCents: number;
  readonly currency: string;
  readonly category: string | null;
  readonly businessDay: string;
  readonly tax: { readonly netCents: number } | null;
}
interface Unit {
  readonly unitId: string;
  readonly inServiceFrom: string;
  readonly inServiceUntil: string | null;
  readonly outOfOrder: readonly Period[];
}
interface Stay {
  readonly stayId: string;
  readonly status: string;
  readonly unitCount: number;
  readonly arrivedOn: string;
  readonly departsOn: string;
  readonly departedOn: string | null;
}

const amount = fc
  .record({
    propertyId,
    kind: fc.constantFrom('expense', 'revenue'),
    amountCents: fc.integer({ min: -50_000, max: 50_000 }),
    currency: fc.constantFrom('EUR', 'EUR', 'USD'),
    category: fc.constantFrom('Accommodation', 'rooms', 'food', null),
    businessDay: day.map(dayOf),
    tax: fc.option(fc.record({ netCents: fc.integer({ min: -50_000, max: 50_000 }) })),
  })
  .map((data) => [[TransactionApproved, TransactionReversed], data] as const);

const gaps = fc.array(fc.nat(5), { maxLength: 4 });
const unit = fc.tuple(fc.integer({ min: 1, max: 6 }), day, fc.option(day), gaps).map(([n, since, until, lengths]) => {
  // Periods in order that do not meet: each begins some days behind the end of the one before.
  let at = since - 3;
  const outOfOrder = lengths.map((length) => {
    const from = at + 2;
    at = from + length;
    return { from: dayOf(from), to: dayOf(at), reason: null };
  });
  const inServiceUntil = until === null ? null : dayOf(Math.max(since, until));
  const data = {
    unitId: `unit-${n}`,
    propertyId: 1 + (n % 3),
    inServiceFrom: dayOf(since),
    inServiceUntil,
    outOfOrder,
  };
  return [[UnitAdded, UnitChanged], data] as const;
});
/** Around the length from which on stays are found by an index of their own, and beyond it. */
const overstayed = fc.integer({ min: 395, max: 460 });
const stay = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    day,
    fc.nat(6),
    fc.option(fc.oneof(fc.nat(8), overstayed)),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([n, arrived, nights, left, unitCount]) => {
    const days = { arrivedOn: dayOf(arrived), departsOn: dayOf(arrived + nights) };
    const departedOn = left === null ? null : dayOf(arrived + left);
    // Somebody who is to come changes the day, which fills nothing.
    const status = left === null ? (n === 6 ? 'expected' : 'in-house') : 'departed';
    const data = { stayId: `stay-${n}`, propertyId: 1 + (n % 3), status, unitCount, ...days, departedOn };
    return [[GuestCheckedIn, StayChanged, GuestCheckedOut], data] as const;
  });
const property = propertyId.map((id) => [[PropertyCreated], { propertyId: id, currency: ownCurrency(id) }] as const);
const happening = fc
  .tuple(organizationIndex, fc.nat(2), fc.oneof(amount, unit, stay, property))
  .map(([organization, n, [types, data]]): Happening => ({ organization, type: types[n % types.length]!, data }));

/** The figures of one property and currency in a period, day by day, from what happened and from nothing else. */
function expected(history: readonly Happening[], id: number, currency: string, { from, to }: Period) {
  const of = <Data>(...types: readonly { readonly type: string }[]) =>
    history
      .filter(({ type, data }) => types.some((one) => one.type === type.type) && data.propertyId === id)
      .map(({ data }) => data as unknown as Data);
  const newest = <Data extends object>(all: readonly Data[], name: keyof Data) => [
    ...new Map(all.map((data) => [data[name], data])).values(),
  ];
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const booked = of<Amount>(TransactionApproved, TransactionReversed).filter(
    (one) => one.currency === currency && one.businessDay >= from && one.businessDay <= to,
  );
  const revenue = booked.filter(({ kind }) => kind === 'revenue');
  const ofRooms = revenue.filter(({ category }) => roomCategories.includes((category ?? '').toLowerCase()));
  const rooms = sum(ofRooms.map(({ amountCents, tax }) => tax?.netCents ?? amountCents));
  const revenueCents = sum(revenue.map(({ amountCents }) => amountCents));
  const expensesCents = sum(booked.filter(({ kind }) => kind === 'expense').map(({ amountCents }) => amountCents));
  const units = newest(of<Unit>(UnitAdded, UnitChanged), 'unitId');
  const came = of<Stay>(GuestCheckedIn, StayChanged, GuestCheckedOut).filter(({ status }) => status !== 'expected');
  let [occupiedNights, availableNights] = [0, 0];
  for (let n = -200; n < 200; n++) {
    const night = dayOf(n);
    if (currency !== ownCurrency(id) || night < from || night > to) continue;
    for (const { inServiceFrom, inServiceUntil, outOfOrder } of units)
      if (inServiceFrom <= night && night <= (inServiceUntil ?? '9'))
        availableNights += outOfOrder.some((one) => one.from <= night && night <= one.to) ? 0 : 1;
    for (const { arrivedOn, departedOn, departsOn, unitCount } of newest(came, 'stayId'))
      if (arrivedOn <= night && night < (departedOn ?? departsOn)) occupiedNights += unitCount;
  }
  // Half away from zero; a sum is never -0.
  const rate = (nights: number) => (nights === 0 ? null : Math.sign(rooms) * Math.round(Math.abs(rooms) / nights) + 0);
  return {
    ...{ revenueCents, roomRevenueCents: rooms, expensesCents, profitCents: revenueCents - expensesCents },
    ...{ occupiedNights, availableNights },
    occupancy: availableNights === 0 ? null : Math.round((occupiedNights * 10_000) / availableNights) / 10_000,
    ...{ averageDailyRateCents: rate(occupiedNights), revenuePerAvailableRoomCents: rate(availableNights) },
  };
}

describe('the overview of analytics', () => {
  let log: ProjectionsUnderTest<Projection>;
  let pool: Pool;
  let shards: Shards;
  let handler: GetOverviewHandler;
  beforeAll(async () => {
    log = await ProjectionsUnderTest.open(foldOf);
    const url = log.database.urlFor('api');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'analytics-under-test' })]);
    pool = new Pool({ connectionString: url, max: 1 });
    handler = new GetOverviewHandler(new Reader(new Directory(pool), shards));
    await log.database.asAdmin(
      `insert into directory.organizations (organization_id, bucket) values (5000000, 3), (5000001, 3), (5000002, 700)`,
    );
  });
  afterAll(async () => {
    await shards.close();
    await pool.end();
    await log.close();
  });

  /** Folds what happened into all read models, in these cuts. */
  const fold = async (history: readonly Happening[], sizes: Parameters<typeof log.rowsAfter>[2]) => {
    for (const projection of analytics.projections!)
      await log.rowsAfter(
        projection,
        logOf(history).filter(({ type }) => projection.events.some((one) => one.type === type)),
        sizes,
      );
  };
  const overview = async (
    organization: number,
    filter: Partial<GetOverview['filter']>,
    properties: 'all' | number[],
  ) => {
    const organizationId = 5_000_000 + organization;
    const principal = { organizationId, userId: 1, role: 'owner', properties, permissionEpoch: 0 } as const;
    const whole = { compare: 'previous', limit: 50, ...filter } as GetOverview['filter'];
    return (await handler.execute(new GetOverview(principal, whole, undefined, 0, []))).rows[0]!;
  };

  it('is what the history comes to when it is counted day by day', async () => {
    const compared = fc.constantFrom('previous' as const, 'last-year' as const);
    const check = async (
      history: Happening[],
      sizes: Parameters<typeof fold>[1],
      first: number,
      days: number,
      compare: 'previous' | 'last-year',
    ) => {
      await fold(history, sizes);
      const asked = { from: dayOf(first), to: dayOf(first + days) };
      for (const organization of [0, 1, 2]) {
        const own = history.filter((one) => one.organization === organization);
        const { data, totals } = await overview(organization, { ...asked, compare }, 'all');
        for (const { propertyId: id, currency, previous, ...figures } of data) {
          const line = { id, currency, figures: expected(own, id, currency, asked) };
          const other = expected(own, id, currency, comparedWith(asked, compare)!);
          expect({ id, currency, figures, previous }).toEqual({ ...line, previous: other });
        }
        const known = own.filter(({ type }) => type === PropertyCreated).map((one) => one.data.propertyId);
        expect(new Set(data.map((line) => line.propertyId))).toEqual(new Set(known));
        for (const total of totals)
          for (const name of [
            'revenueCents',
            'roomRevenueCents',
            'expensesCents',
            'profitCents',
            'occupiedNights',
            'availableNights',
          ] as const) {
            const lines = data.filter(({ currency }) => currency === total.currency);
            expect([name, total[name]]).toEqual([name, lines.reduce((sum, line) => sum + line[name], 0)]);
          }
      }
    };
    const history = fc.array(happening, { minLength: 10, maxLength: 60 });
    await fc.assert(fc.asyncProperty(history, cuts, day, fc.nat(20), compared, check), runs);
  });

  it('shows the properties that the caller sees, and compares with nothing if asked to', async () => {
    const created = [1, 2].map((id) => ({ propertyId: id, currency: 'EUR' }));
    await fold(
      created.map((data) => ({ organization: 0, type: PropertyCreated, data })),
      [{ size: 5, isRepeated: false }],
    );
    const filter = { from: '2026-01-01', to: '2026-01-31', compare: 'none' } as const;
    const seen = async (properties: 'all' | number[], more = {}) =>
      (await overview(0, { ...filter, ...more }, properties)).data.map((line) => [line.propertyId, line.previous]);
    expect(await seen('all')).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(await seen([2])).toEqual([[2, null]]);
    expect(await seen([2], { propertyId: 1 })).toEqual([]);
  });
});
