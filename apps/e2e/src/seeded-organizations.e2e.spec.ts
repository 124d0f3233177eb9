import { ApiClient, InnkeepUnderTest, type Page, type Stay, startTool } from './system';
import { type Reading, StatementPlans } from './system/statement-plans';

const PASSWORD = 'a house of many rooms';
/** How many entries a page has here, and how many rows of a table may be looked at to fill it: also who is to come, for who is there. */
const PAGE = 10;
const MOST = 10 * PAGE;

/** What is looked at beyond a page, and why. */
const mayBeWide: readonly ((reading: Reading) => boolean)[] = [
  // All that waits is counted, and its amounts are added up.
  ({ table }) => table === 'finance.pending_approvals',
  // A row for each property and day, whatever happened on it.
  ({ table }) => table === 'reports.daily_summary',
];

interface Entry {
  readonly id: string;
  readonly status: string;
}

/** Organizations that were written by COPY, as the product shows them and goes on with them. */
describe('organizations seeded by COPY', () => {
  let plans: StatementPlans;
  const innkeep = new InnkeepUnderTest({
    environment: async () => {
      plans = await StatementPlans.of(innkeep.database, 'innkeep_api');
      return {};
    },
  });
  let owner: ApiClient;
  let organizationId: number;

  const signIn = async (email: string) => {
    const answer = await innkeep.anybody.post('/v1/auth/login', { email, password: PASSWORD });
    const { accessToken, organizationId: id } = answer.as<{ accessToken: string; organizationId: number }>(200);
    return { client: new ApiClient(innkeep.url, accessToken), id };
  };
  const count = async (table: string, condition = 'true') =>
    Number(
      (
        await innkeep.database.asAdmin<{ count: string }>(
          `select count(*) as count from ${table} where organization_id = $1 and ${condition}`,
          [organizationId],
        )
      )[0]!.count,
    );
  const list = async <Item = Entry>(path: string) => (await owner.get(path)).as<Page<Item>>(200).data;

  beforeAll(async () => {
    const size = ['--organizations', '2', '--transactions', '4000', '--seed', '11'];
    const { code, output } = await startTool('seed', size, innkeep.adminEnvironment).ended;
    expect([output, code]).toEqual([expect.any(String), 0]);
    ({ client: owner, id: organizationId } = await signIn('owner@organization-1.seed-11.example'));
  });

  it.each([
    ['/v1/guest-checkin/list', 'guests.stays', '/v1/guest-checkin'],
    ['/v1/staff/attendance', 'staff.shifts', '/v1/staff/attendance'],
    ['/v1/staff/leave-types', 'staff.leave_types', '/v1/staff/leave-types'],
    ['/v1/staff/leave-requests', 'staff.leave_requests', undefined],
    ['/v1/tasks', 'tasks.tasks', '/v1/tasks'],
  ])('show on %s what there is', async (path, table, item) => {
    const shown = await list(`${path}?limit=200`);
    expect(shown.length).toBe(Math.min(200, await count(table)));
    expect(shown.length).toBeGreaterThan(1);
    if (item) (await owner.get(`${item}/${shown[0]!.id}`)).expect(200);
  });

  it('show units, and who is in them', async () => {
    const [{ id }] = (await list<{ id: number }>('/v1/properties')) as [{ id: number }];
    const units = await list(`/v1/properties/${id}/units`);
    expect(units.length).toBe(await count('properties.units', `property_id = ${id}`));
    const inHouse = await list<Stay>(`/v1/guest-checkin/in-house?propertyId=${id}&limit=200`);
    expect(inHouse.length).toBe(await count('guests.stays', `property_id = ${id} and status = 'in-house'`));
    const given = inHouse.flatMap(({ unitIds }) => unitIds);
    expect(given.length).toBeGreaterThan(0);
    expect(units.map((unit) => unit.id)).toEqual(expect.arrayContaining(given));
  });

  it('have lists that are filled without a look at what they do not show', async () => {
    const [{ id }] = (await list<{ id: number }>('/v1/properties')) as [{ id: number }];
    const named = await innkeep.database.asAdmin<{ guest_name: string }>(
      'select guest_name from guests.stays where organization_id = $1 and guest_name is not null order by id limit 1',
      [organizationId],
    );
    const begun = await plans.fromHere();
    const paths = [
      ...['guest-checkin/list', 'tasks', 'staff/attendance', 'staff/leave-requests', 'audit-log'],
      ...['finance/pending-approvals', 'finance/expenses', 'finance/revenues'],
      `guest-checkin/list?guest=${encodeURIComponent(named[0]!.guest_name)}`,
      ...['arrivals', 'departures', 'in-house'].map((movement) => `guest-checkin/${movement}?propertyId=${id}`),
    ];
    for (const path of paths)
      (await owner.get(`/v1/${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}`)).expect(200);
    const year = new Date().getUTCFullYear();
    for (const path of ['tasks/board', 'dashboard', `staff/leave-statistics?year=${year}`])
      (await owner.get(`/v1/${path}`)).expect(200);
    // The statements of the last request are logged when its connection is asked for more.
    (await owner.get('/v1/properties')).expect(200);
    const wide = await begun.widerThan(MOST);
    expect(wide.filter((reading) => !mayBeWide.some((one) => one(reading)))).toEqual([]);
    expect((await begun.look()).wandering).toEqual([]);
  });

  it('are gone on with', async () => {
    const [first] = await list<Stay>('/v1/guest-checkin/list?status=in-house&limit=1');
    expect((await owner.post(`/v1/guest-checkin/${first!.id}/checkout`, {})).as<Stay>(200).status).toBe('departed');
    const [expected] = await list<Stay>('/v1/guest-checkin/list?status=expected&limit=1');
    // Before their day, so others may be in their unit.
    const arrived = await owner.post(`/v1/guest-checkin/${expected!.id}/checkin`, { unitIds: [] });
    expect(arrived.as<Stay>(200).status).toBe('in-house');
    const [task] = await list('/v1/tasks?status=open&limit=1');
    const done = await owner.put(`/v1/tasks/${task!.id}/status`, { status: 'done' });
    expect(done.as<Entry>(200).status).toBe('done');
    const [request] = await list('/v1/staff/leave-requests?status=pending&limit=1');
    const approved = await owner.put(`/v1/staff/leave-requests/${request!.id}/approval`, { decision: 'approved' });
    expect(approved.as<Entry>(200).status).toBe('approved');
    await owner.getAfter(approved.position, '/v1/audit-log/verification');
    const { code, output } = await startTool('audit', ['verify'], innkeep.adminEnvironment).ended;
    expect([output, code]).toEqual([expect.any(String), 0]);
  });

  it('have people who end the shifts that they are at', async () => {
    const [person] = await innkeep.database.asAdmin<{ email: string }>(
      `select u.email from staff.shifts s join identity.users u on (u.bucket, u.organization_id, u.id) = (s.bucket, s.organization_id, s.user_id)
       where s.ended_at is null order by u.id limit 1`,
    );
    const { client } = await signIn(person!.email);
    const ended = (await client.post('/v1/staff/check-out', {})).as<{ workedSeconds: number }>(200);
    expect(ended.workedSeconds).toBeGreaterThanOrEqual(0);
  });
});
