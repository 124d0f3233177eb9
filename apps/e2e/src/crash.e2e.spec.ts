import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppProcess, eventually, numbersFrom } from '@innkeep/testing';
import {
  InnkeepUnderTest,
  type Member,
  type Page,
  type RunningTool,
  newKey,
  password,
  signUp,
  startTool,
} from './system';
import { daysAgo, makeUpBookings, writeBookings } from './system/bookings';
import { BookingsFigures } from './system/bookings-figures';
import { findViolations } from './system/ledger-checks';

// `SEED=123 npm test -- apps/e2e/src/crash` makes the same bookings, as of today, and kills in the same order.
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const BOOKINGS = 2_500;
/** Eight starts of processes, and an import that waits longer each time it finds the API gone. */
const A_WHILE = 300_000;
/** Exit codes of the import. */
const SOME_ROWS_FAILED = 1;
const STOPPED = 2;

describe(`killed in the middle of an import (seed ${seed})`, () => {
  const innkeep = new InnkeepUnderTest();
  const random = numbersFrom(seed);
  const bookings = makeUpBookings(BOOKINGS, random);
  const units = [
    { inServiceFrom: daysAgo(200), outOfOrder: [{ from: daysAgo(60), to: daysAgo(51) }] },
    ...Array.from({ length: 12 }, () => ({ inServiceFrom: daysAgo(90), outOfOrder: [] })),
  ];
  let folder: string;
  let owner: Member;
  let propertyId: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innkeep-e2e-'));
    innkeep.atEnd(() => rm(folder, { recursive: true, force: true }));
    await writeBookings(join(folder, 'bookings.csv'), bookings);
    owner = await signUp(innkeep.anybody);
    propertyId = (await owner.addProperty({ businessDayStartsAt: '05:30' })).id;
    for (const unit of units) await owner.addUnit(propertyId, { ...unit });
  });

  function startImport() {
    const property = ['--property', String(propertyId), '--approve'];
    const access = ['--api', innkeep.url, '--email', owner.email, '--password', password];
    const tool = startTool('import', ['--file', join(folder, 'bookings.csv'), ...property, ...access]);
    innkeep.atEnd(async () => tool.child.kill('SIGKILL'));
    return tool;
  }

  /** The number behind a line of the import's summary. */
  const counted = (output: string, label: string) =>
    Number(new RegExp(`${label} +([\\d,]+)`).exec(output)?.[1]?.replaceAll(',', '') ?? NaN);

  /**
   * Kills and restarts each of the apps, and all at once, at moments and in an order that the seed decides. Answers how many were
   * killed while the import ran.
   */
  async function killThemAll(tool: RunningTool): Promise<number> {
    const { api, projector, worker, all } = innkeep;
    const rounds: (readonly AppProcess[])[] = [[api], [projector], [worker], all];
    let killed = 0;
    await eventually(() => expect(tool.output).toContain('Importing into'));
    for (const victims of rounds.map((round) => [random(), round] as const).sort(([a], [b]) => a - b)) {
      await sleep(50 + random() * 600);
      if (tool.isRunning) killed += victims[1].length;
      await Promise.all(victims[1].map((app) => app.kill()));
      await Promise.all(victims[1].map((app) => app.start()));
    }
    return killed;
  }

  /** Records expenses one by one, each sent again with its key until it is answered: what a client on a bad line does. */
  async function recordPersistently(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const key = newKey();
      const body = {
        propertyId,
        amountCents: index + 1,
        description: 'In the storm',
        externalReference: `storm-${index}`,
      };
      await eventually(async () => (await owner.post('/v1/finance/expenses', body, key)).expect(201), 60);
    }
  }

  const monthlyTotals = async () => {
    const totals = new Map<string, number>();
    for (const month of bookings.centsByMonth.keys()) {
      const [year, number] = month.split('-').map(Number);
      const answer = await owner.get(
        `/v1/reports/monthly-report?propertyId=${propertyId}&year=${year}&month=${number}`,
      );
      totals.set(month, answer.as<{ totalReceivedCents: number }>(200).totalReceivedCents);
    }
    return totals;
  };

  it(
    'all three apps come back and go on',
    async () => {
      const tool = startImport();
      const [killed] = await Promise.all([killThemAll(tool), recordPersistently(40)]);
      expect(killed).toBeGreaterThan(0);
      const { code, output } = await tool.ended;
      // Finished in spite of it all, or given up: the next run is for that.
      expect([output, code === SOME_ROWS_FAILED || code === STOPPED]).toEqual([output, true]);
    },
    A_WHILE,
  );

  it('importing again completes what is missing, and the months add up', async () => {
    const { code, output } = await startImport().ended;
    expect([output, code]).toEqual([output, SOME_ROWS_FAILED]);
    expect(counted(output, 'bad rows')).toBe(bookings.badRows);
    expect(counted(output, 'revenues recorded') + counted(output, 'revenues already known')).toBe(bookings.stays);
    await eventually(async () => expect(await monthlyTotals()).toEqual(bookings.centsByMonth));
  });

  it('dashboard, occupancy and analytics are what the bookings come to', async () => {
    const figures = new BookingsFigures(bookings.parties, units);
    const ask = async (path: string) => (await owner.get(path)).as<Record<string, unknown>>(200);
    const [from, to] = [daysAgo(199), daysAgo(1)];
    const days = figures.occupancy(from, to);
    await eventually(async () =>
      expect(await ask(`/v1/properties/${propertyId}/occupancy?from=${from}&to=${to}`)).toMatchObject({ days }),
    );
    expect(days.reduce((total, { occupied }) => total + occupied, 0)).toBe(
      bookings.parties.reduce((total, { nights }) => total + nights, 0),
    );

    const compared = { from: daysAgo(100), to: daysAgo(1) };
    const before = { from: daysAgo(200), to: daysAgo(101) };
    const line = { ...figures.overview(compared.from, compared.to), currency: 'EUR' };
    const overview = { ...line, previous: figures.overview(before.from, before.to) };
    expect(line.averageDailyRateCents).toBeGreaterThan(0);
    await eventually(async () =>
      expect(await ask(`/v1/analytics/overview?from=${compared.from}&to=${compared.to}`)).toMatchObject({
        data: [{ propertyId, ...overview }],
        totals: [overview],
        comparedWith: before,
      }),
    );

    const { data } = await ask('/v1/dashboard');
    const [{ businessDay: today }] = data as [{ businessDay: string }];
    const aWeek = new Date(Date.parse(today) - 6 * 86_400_000).toISOString().slice(0, 10);
    const windows = {
      today: figures.window(today, today),
      monthToDate: figures.window(`${today.slice(0, 7)}-01`, today),
      last7Days: figures.window(aWeek, today),
    };
    expect(data).toEqual([{ propertyId, currency: 'EUR', businessDay: today, ...windows }]);
  });

  it('the log holds nothing twice and has no gap, and the reports are what the transactions say', async () => {
    await eventually(async () => expect(await findViolations(innkeep.database)).toEqual({}));
    const expenses = (await owner.get('/v1/finance/expenses?limit=200')).as<Page<{ amountCents: number }>>(200).data;
    expect(expenses.map(({ amountCents }) => amountCents).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });

  it('importing once more changes nothing', async () => {
    const state = () =>
      innkeep.database.asAdmin('select organization_id, version from events.organization_heads order by 1');
    const before = await state();
    const { output } = await startImport().ended;
    expect(counted(output, 'revenues recorded')).toBe(0);
    expect(counted(output, 'revenues already known')).toBe(bookings.stays);
    expect(counted(output, 'revenues approved now')).toBe(0);
    expect(await state()).toEqual(before);
    expect(await monthlyTotals()).toEqual(bookings.centsByMonth);
  });

  it('every purge that was asked for is sent in the end', async () => {
    await eventually(async () => {
      expect(await innkeep.database.asAdmin('select tag, attempts, due_at, last_error from edge.purge_asks')).toEqual(
        [],
      );
    }, 60);
  });

  it('and if it were otherwise, it would be noticed', async () => {
    const { asAdmin } = innkeep.database;
    await asAdmin(`update reports.daily_summary set received_cents = received_cents + 1
      where (property_id, business_on) in (select property_id, business_on from reports.daily_summary limit 1)`);
    await asAdmin(`delete from events.log where (bucket, position) in
      (select bucket, position from events.log where type = 'TransactionApproved' limit 1)`);
    await asAdmin(
      `update events.log set data = jsonb_set(data, '{externalReference}', '"storm-0"') where data->>'externalReference' = 'storm-1'`,
    );
    expect(Object.keys(await findViolations(innkeep.database))).toEqual([
      'an external reference that was recorded twice',
      'a bucket whose positions are not 1, 2, 3 ...',
      'an organization whose versions are not 1, 2, 3 ...',
      'a transaction that is not what its last event says',
      'reports.daily_summary has what it should not',
      'reports.daily_summary lacks what it should have',
    ]);
  });
});
