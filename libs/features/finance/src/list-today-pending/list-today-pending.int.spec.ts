import { type Principal, PropertyPort } from '@innkeep/contracts';
import { Directory, Reader, Shard, Shards } from '@innkeep/platform/database';
import { type TestDatabase, addOrganizations, createTestDatabase, ownerOf } from '@innkeep/testing';
import { Pool } from 'pg';
import {
  ListPendingApprovals,
  ListPendingApprovalsHandler,
} from '../list-pending-approvals/list-pending-approvals.query';
import { ListTodayPending, ListTodayPendingHandler, type TodayPage } from './list-today-pending.query';

const bucket = 7;
const kolkata = 1;
const lisbon = 2;
const idOf = (n: number) => `0198c5e2-7d3a-7c1e-9a55-${String(n).padStart(12, '0')}`;
const idsOf = (data: readonly unknown[]) => (data as { id: string }[]).map(({ id }) => Number(id.slice(-12)));

/** Nobody asks: the read models stand nowhere still here. */
class NoProperties extends PropertyPort {
  async find(): Promise<never> {
    throw new Error('the write model is asked');
  }

  list(): Promise<never> {
    return this.find();
  }

  count(): Promise<never> {
    return this.find();
  }
}

describe('what is pending', () => {
  let database: TestDatabase;
  let pool: Pool;
  let shards: Shards;
  let reader: Reader;
  let owner: Principal;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('api');
    pool = new Pool({ connectionString: url, max: 1 });
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'pending-spec' })]);
    reader = new Reader(new Directory(pool), shards);
  });
  beforeEach(async () => {
    const [organization] = await addOrganizations(database, [bucket]);
    owner = ownerOf(organization!.organizationId);
    await addProperty(kolkata, 'Asia/Kolkata', '04:00');
    await addProperty(lisbon, 'Europe/Lisbon', '00:00');
  });
  afterAll(async () => {
    await Promise.all([shards.close(), pool.end()]);
    await database.drop();
  });

  async function addProperty(id: number, timeZone: string, startsAt: string) {
    const key = [bucket, owner.organizationId, id];
    await database.asAdmin('insert into finance.property_calendars values ($1, $2, $3, $4, $5)', [
      ...key,
      ...[timeZone, startsAt],
    ]);
    await database.asAdmin('insert into finance.property_names values ($1, $2, $3, $4)', [...key, `Casa ${id}`]);
  }

  /** A pending transaction, recorded under the version that is also the last part of its id. */
  const addPending = (
    version: number,
    propertyId: number,
    day: string,
    kind = 'expense',
    currency = 'INR',
    by = owner,
  ) =>
    database.asAdmin(
      `insert into finance.pending_approvals values ($1, $2, $3, $4, $5, $6 * 10, $7, 'Fresh towels', null, null, $8::date, $8, 1, now(), $6, $6)`,
      [bucket, by.organizationId, idOf(version), kind, propertyId, version, currency, day],
    );

  async function todayAt(instant: string, propertyId = kolkata, page: Partial<TodayPage> = {}) {
    const query = new ListTodayPending(owner, propertyId, new Date(instant), { limit: 50, after: 0, ...page }, 0, []);
    return (await new ListTodayPendingHandler(reader, new NoProperties()).execute(query)).rows[0];
  }

  async function pending(by: Principal, propertyId?: number, page = { limit: 50, after: 0 }) {
    const { rows } = await new ListPendingApprovalsHandler(reader, new NoProperties()).execute(
      new ListPendingApprovals(by, propertyId, page, 0, []),
    );
    const { data, ...rest } = rows[0]!;
    return { ids: idsOf(data), ...rest };
  }

  it('today is of the day the property is in by its own clock', async () => {
    await addPending(1, kolkata, '2026-03-10');
    await addPending(2, kolkata, '2026-03-11', 'revenue');
    await addPending(3, lisbon, '2026-03-10');
    // Kolkata is five and a half hours ahead: 22:29:59 UTC is one second to four there.
    const night = await todayAt('2026-03-10T22:29:59Z');
    expect(night).toMatchObject({ businessDay: '2026-03-10', secondsLeft: 1, next: null });
    expect(idsOf(night!.data)).toEqual([1]);
    const morning = await todayAt('2026-03-10T22:30:00Z');
    expect(morning).toMatchObject({ businessDay: '2026-03-11', secondsLeft: 86_400 });
    expect(idsOf(morning!.data)).toEqual([2]);
    expect(morning!.totals).toEqual([
      { currency: 'INR', pendingRevenuesCents: 20, pendingExpensesCents: 0, pendingCount: 1 },
    ]);
    expect(await todayAt('2026-03-12T12:00:00Z')).toMatchObject({ data: [], totals: [], next: null });
    expect(await todayAt('2026-03-12T12:00:00Z', 99)).toBeUndefined();
  });

  it('today stays, from page to page, the day of the first page, with the totals of all of it', async () => {
    for (let version = 1; version <= 5; version++) await addPending(version, kolkata, '2026-03-10');
    const first = await todayAt('2026-03-10T22:29:59Z', kolkata, { limit: 2 });
    expect(first).toMatchObject({ next: 2, totals: [{ pendingCount: 5, pendingExpensesCents: 150 }] });
    const second = await todayAt('2026-03-10T22:30:01Z', kolkata, { limit: 2, after: 2, businessDay: '2026-03-10' });
    expect(idsOf(second!.data)).toEqual([3, 4]);
    expect(second).toMatchObject({ businessDay: '2026-03-10', next: 4, totals: [{ pendingCount: 5 }] });
    const last = await todayAt('2026-03-10T22:30:01Z', kolkata, { limit: 2, after: 4, businessDay: '2026-03-10' });
    expect(idsOf(last!.data)).toEqual([5]);
    expect(last!.next).toBeNull();
  });

  it('is listed as it was recorded, in pages, and only of properties that the caller sees', async () => {
    const [organization] = await addOrganizations(database, [bucket]);
    for (const version of [4, 2, 5, 1, 3]) await addPending(version, version % 2 ? kolkata : lisbon, '2026-03-10');
    await addPending(6, kolkata, '2026-03-10', 'expense', 'INR', ownerOf(organization!.organizationId));
    expect(await pending(owner)).toEqual({ ids: [1, 2, 3, 4, 5], next: null, isKnown: true });
    expect(await pending(owner, undefined, { limit: 2, after: 2 })).toMatchObject({ ids: [3, 4], next: 4 });
    expect(await pending(owner, undefined, { limit: 1, after: 4 })).toMatchObject({ ids: [5], next: null });
    expect(await pending(owner, lisbon)).toMatchObject({ ids: [2, 4] });
    expect(await pending({ ...owner, properties: [lisbon] })).toMatchObject({ ids: [2, 4] });
    expect(await pending({ ...owner, properties: [] })).toMatchObject({ ids: [] });
    expect(await pending(owner, 99)).toMatchObject({ ids: [], isKnown: false });
  });
});
