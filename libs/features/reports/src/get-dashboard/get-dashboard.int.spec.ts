import type { Principal } from '@innkeep/contracts';
import { Directory, Reader, Shard, Shards } from '@innkeep/platform/database';
import { type TestDatabase, addOrganizations, createTestDatabase, ownerOf, randomnessFor } from '@innkeep/testing';
import { Pool } from 'pg';
import type { WriteModel } from '../write-model.store';
import { GetDashboard, GetDashboardHandler } from './get-dashboard.query';

interface Line {
  readonly propertyId: number;
  readonly currency: string;
  readonly businessDay: string;
  readonly today: object;
  readonly monthToDate: object;
  readonly last7Days: object;
}

const bucket = 7;
const sums = (
  receivedCents: number,
  expensesCents = 0,
  transactionCount = receivedCents + expensesCents > 0 ? 1 : 0,
) => ({
  ...{ receivedCents, expensesCents, netCents: receivedCents - expensesCents, transactionCount },
});

describe('the dashboard', () => {
  let database: TestDatabase;
  let pool: Pool;
  let shards: Shards;
  let handler: GetDashboardHandler;
  let owner: Principal;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('api');
    pool = new Pool({ connectionString: url, max: 1 });
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'dashboard-spec' })]);
    // Read models are there: nobody asks for what they are made of.
    handler = new GetDashboardHandler(new Reader(new Directory(pool), shards), {} as WriteModel);
  });
  beforeEach(async () => {
    const [organization] = await addOrganizations(database, [bucket]);
    owner = ownerOf(organization!.organizationId);
  });
  afterAll(async () => {
    await Promise.all([shards.close(), pool.end()]);
    await database.drop();
  });

  async function addProperty(id: number, timeZone: string, startsAt = '00:00', currency = 'EUR', of = owner) {
    const key = [bucket, of.organizationId, id];
    await database.asAdmin('insert into reports.property_calendars values ($1, $2, $3, $4, $5)', [
      ...key,
      ...[timeZone, startsAt],
    ]);
    await database.asAdmin('insert into reports.property_currencies values ($1, $2, $3, $4)', [...key, currency]);
  }

  const receive = (id: number, day: string, cents: number, currency = 'EUR', of = owner) =>
    database.asAdmin('insert into reports.daily_summary values ($1, $2, $3, $4, $5, $6, 0, 1)', [
      ...[bucket, of.organizationId, id, day, currency, cents],
    ]);

  async function dashboardAt(instant: string, of = owner, limit = 200, after?: readonly [number, string]) {
    const { rows } = await handler.execute(new GetDashboard(of, new Date(instant), limit, after, 0, []));
    return rows[0]! as unknown as { data: Line[]; totals: object[]; days: string; secondsLeft: number | null };
  }

  it('sums today, the month to date and the last seven days, and nothing that is dated tomorrow', async () => {
    await addProperty(1, 'Europe/Lisbon');
    for (const [day, cents] of [
      ['2026-02-23', 1],
      ['2026-02-24', 10],
      ['2026-02-28', 100],
      ['2026-03-01', 1_000],
      ['2026-03-02', 10_000],
      ['2026-03-03', 100_000],
    ] as const)
      await receive(1, day, cents);
    const { data, totals } = await dashboardAt('2026-03-02T12:00:00Z');
    const windows = {
      today: sums(10_000, 0, 1),
      monthToDate: sums(11_000, 0, 2),
      last7Days: sums(11_110, 0, 4),
    };
    expect(data).toEqual([{ propertyId: 1, currency: 'EUR', businessDay: '2026-03-02', ...windows }]);
    expect(totals).toEqual([{ currency: 'EUR', ...windows }]);
    const later = await dashboardAt('2026-03-20T12:00:00Z');
    expect(later.data).toMatchObject([{ today: sums(0), monthToDate: sums(111_000, 0, 3), last7Days: sums(0) }]);
  });

  it('asks each property for its own day, and says for how long it is so', async () => {
    await addProperty(1, 'Europe/Lisbon');
    await addProperty(2, 'Asia/Kolkata', '04:00', 'INR');
    for (const day of ['2026-03-10', '2026-03-11']) await receive(2, day, Number(day.slice(-2)), 'INR');
    // Kolkata is five and a half hours ahead: 22:29:59 UTC is one second to four there.
    const night = await dashboardAt('2026-03-10T22:29:59Z');
    expect(night.data).toMatchObject([
      { propertyId: 1, businessDay: '2026-03-10' },
      { propertyId: 2, businessDay: '2026-03-10', today: sums(10) },
    ]);
    expect(night).toMatchObject({ days: '2026-03-10 2', secondsLeft: 1 });
    const morning = await dashboardAt('2026-03-10T22:30:00Z');
    expect(morning.data[1]).toMatchObject({ businessDay: '2026-03-11', today: sums(11) });
    expect(morning).toMatchObject({ days: '2026-03-10 1, 2026-03-11 1', secondsLeft: 5_400 });
  });

  it('keeps currencies apart, also those of one property', async () => {
    await addProperty(1, 'UTC', '00:00', 'EUR');
    await addProperty(2, 'UTC', '00:00', 'INR');
    await receive(1, '2026-03-10', 5);
    await receive(1, '2026-03-10', 7, 'INR');
    await receive(2, '2026-03-10', 70, 'INR');
    const { data, totals } = await dashboardAt('2026-03-10T12:00:00Z');
    expect(data).toMatchObject([
      { propertyId: 1, currency: 'EUR', today: sums(5) },
      { propertyId: 1, currency: 'INR', today: sums(7) },
      { propertyId: 2, currency: 'INR', today: sums(70) },
    ]);
    expect(totals).toMatchObject([
      { currency: 'EUR', today: sums(5) },
      { currency: 'INR', today: sums(77, 0, 2) },
    ]);
    const second = await dashboardAt('2026-03-10T12:00:00Z', owner, 1, [1, 'EUR']);
    expect(second.data).toEqual([data[1]]);
    expect(second.totals).toEqual(totals);
  });

  it('shows no property of another organization, and a member only their own', async () => {
    const [other] = await addOrganizations(database, [bucket]);
    await addProperty(1, 'UTC');
    await addProperty(2, 'UTC');
    await addProperty(3, 'UTC', '00:00', 'EUR', ownerOf(other!.organizationId));
    await receive(1, '2026-03-10', 1);
    await receive(2, '2026-03-10', 10);
    await receive(3, '2026-03-10', 100, 'EUR', ownerOf(other!.organizationId));
    const seenBy = async (properties: Principal['properties']) => {
      const { data, totals } = await dashboardAt('2026-03-10T12:00:00Z', { ...owner, properties });
      return { ids: data.map(({ propertyId }) => propertyId), totals };
    };
    expect(await seenBy('all')).toMatchObject({ ids: [1, 2], totals: [{ today: sums(11, 0, 2) }] });
    expect(await seenBy([2, 3])).toMatchObject({ ids: [2], totals: [{ today: sums(10) }] });
    expect(await seenBy([])).toEqual({ ids: [], totals: [] });
    expect(await dashboardAt('2026-03-10T12:00:00Z', { ...owner, properties: [] })).toMatchObject({
      days: '',
      secondsLeft: null,
    });
  });

  it('knows every time zone that a property may have, and reads its clock as this process does', async () => {
    const random = randomnessFor('business days');
    const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Calcutta', 'US/Pacific', 'Etc/GMT+12'];
    const starts = zones.map(() => `${String(random.integer(12)).padStart(2, '0')}:${10 + random.integer(50)}`);
    await database.asAdmin(
      `insert into reports.property_calendars select $1, $2, n, zone, starts_at from unnest($3::text[], $4::time[]) with ordinality z(zone, starts_at, n)`,
      [bucket, owner.organizationId, zones, starts],
    );
    await database.asAdmin(`insert into reports.property_currencies select $1, $2, generate_series(1, $3), 'EUR'`, [
      ...[bucket, owner.organizationId, zones.length],
    ]);
    for (let run = 0; run < 10; run++) {
      // Years whose rules every time zone database has by now.
      const instant = new Date(Date.UTC(2012, 0, 1) + random.integer(8 * 365 * 86_400) * 1_000);
      const { data } = await dashboardAt(instant.toISOString(), owner, zones.length);
      expect(data.map(({ businessDay }) => businessDay)).toEqual(
        zones.map((zone, index) => businessDayIn(zone, starts[index]!, instant)),
      );
    }
  });
});

/** The business day that an instant falls into, by the clock of this process. */
function businessDayIn(timeZone: string, startsAt: string, instant: Date): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const [day, time] = format.format(instant).split(' ') as [string, string];
  if (time >= startsAt) return day;
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
