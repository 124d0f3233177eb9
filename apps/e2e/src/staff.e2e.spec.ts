import { LiveClient, eventually } from '@innkeep/testing';
import { type Answer, SharedInnkeep, type Member, type Page, type Property, newKey, signUp } from './system';
import { expectProblem } from './system/expect-problem';
import { runTimedWork } from './system/timed-work';

interface Shift {
  readonly id: string;
  readonly userId: number;
  readonly userName: string | null;
  readonly workedSeconds: number;
  readonly isForgotten: boolean;
  readonly isCorrected: boolean;
  readonly beganInside: boolean | null;
  readonly beganAtPlace?: { readonly distanceMetres: number } | null;
}
interface Asked {
  readonly id: string;
  readonly status: string;
  readonly days: number;
  readonly reason: string | null;
}

const HOUR = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
/** The property, and a place in it where somebody stands. */
const centre = { latitude: 38.7109, longitude: -9.1366 };
const desk = { ...centre, latitude: 38.71094, accuracyMetres: 10 };

describe('the times of people', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let manager: Member;
  let ana: Member;
  let rui: Member;
  let property: Property;
  let live: LiveClient | undefined;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty();
    [manager, ana, rui] = [
      await owner.invite('manager', [property.id]),
      await owner.invite('staff', [property.id]),
      await owner.invite('staff', [property.id]),
    ];
    const client = await new LiveClient({ url: innkeep.url, token: manager.token, query: '?services=staff' }).open();
    live = client;
    await eventually(() => expect(client.of('ready')).not.toEqual([]));
  });
  afterAll(() => live?.close());

  const post = (who: Member, path: string, body: object = {}) => who.post(`/v1/staff/${path}`, body);
  const decide = (who: Member, path: string, decision = 'approved') =>
    who.put(`/v1/staff/${path}/approval`, { decision, reason: 'so it is' });
  const list = async <Entry>(who: Member, path: string, after: Answer) =>
    (await who.getAfter(after.position, `/v1/staff/${path}`)).as<Page<Entry>>(200).data;
  const heard = () => live!.ledger.messages.map(({ type }) => type);

  it('are kept by checking in and out, once each, on both paths', async () => {
    const geofence = { ...centre, radiusMetres: 100, enforcement: 'refuse' };
    const rules = { geofence, shiftStarts: ['00:00'] };
    (await manager.put(`/v1/staff/properties/${property.id}/rules`, rules)).expect(200);
    const here = { propertyId: property.id };
    expectProblem('nowhere', await post(ana, 'check-in', here), 422, 'location-required');
    const far = { ...here, location: { ...desk, latitude: 38.8 } };
    expectProblem('elsewhere', await post(ana, 'check-in', far), 422, 'outside-geofence');
    const without = await ana.send('POST', '/v1/staff/check-in', { body: here, headers: {} });
    expectProblem('no key', without, 400, 'idempotency-key-required');
    const key = newKey();
    const body = { ...here, location: desk };
    const began = (await ana.post('/staff/check-in', body, key)).as<Shift>(201);
    expect((await ana.post('/v1/staff/check-in', body, key)).as<Shift>(201)).toEqual(began);
    const both = await Promise.all([1, 2].map(() => post(rui, 'check-in', body)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expectProblem('twice', await post(ana, 'check-in', body), 409, 'already-checked-in');
    const ended = await ana.post('/staff/check-out', { location: { ...desk, latitude: 38.8 } }, newKey());
    expect(ended.as<Shift>(200)).toMatchObject({ id: began.id, beganInside: true, endedInside: false });
    expectProblem('again', await post(ana, 'check-out'), 409, 'not-checked-in');

    const seen = await list<Shift>(manager, `attendance?propertyId=${property.id}`, ended);
    expect(seen.map(({ userId }) => userId).sort()).toEqual([ana.userId, rui.userId].sort());
    expect(JSON.stringify(seen)).not.toContain(String(desk.latitude));
    const located = (await manager.get(`/v1/staff/attendance/${began.id}`)).as<Shift>(200);
    expect(located.beganAtPlace?.distanceMetres).toBe(4);
    await eventually(() => expect(heard()).toEqual(expect.arrayContaining(['ShiftStarted', 'ShiftEnded'])));
    expect(JSON.stringify(live!.ledger.messages)).not.toContain(String(desk.latitude));
    const log = await innkeep.database.asAdmin(
      `select data::text from events.log where organization_id = $1 and type like 'Shift%'`,
      [owner.organizationId],
    );
    expect(JSON.stringify(log)).not.toContain(String(desk.latitude));
  });

  it('are shown to staff as their own, and never kept for somebody else with the same rights', async () => {
    const path = `/v1/staff/attendance?propertyId=${property.id}`;
    for (const who of [ana, rui, ana, rui]) {
      const answer = await who.get(path);
      expect(answer.as<Page<Shift>>(200).data.map(({ userId }) => userId)).toEqual([who.userId]);
      const other = who === ana ? rui : ana;
      expect((await other.get(path, { 'if-none-match': answer.etag })).status).toBe(200);
      expect((await who.get(path, { 'if-none-match': answer.etag })).status).toBe(304);
    }
    expectProblem('of rui', await ana.get(`/v1/staff/attendance?userId=${rui.userId}`), 404, 'not-found');
    const [his] = (await rui.get(path)).as<Page<Shift>>(200).data;
    expectProblem('by id', await ana.get(`/v1/staff/attendance/${his!.id}`), 404, 'not-found');
    const fields = await manager.get(`${path}&fields=id,workedSeconds&limit=1`);
    expect(Object.keys(fields.as<Page<Shift>>(200).data[0]!)).toEqual(['id', 'workedSeconds']);
    const { nextCursor, data } = (await manager.get(`${path}&limit=1`)).as<Page<Shift>>(200);
    const rest = (await manager.get(`${path}&limit=1&cursor=${nextCursor}`)).as<Page<Shift>>(200);
    expect([data.length, rest.data.length, rest.nextCursor]).toEqual([1, 1, null]);
    expect(rest.data[0]!.id).not.toBe(data[0]!.id);
  });

  it('are closed by the rule when somebody forgets, and corrected by two', async () => {
    await innkeep.database.asAdmin(
      'update staff.shifts set closes_at = now() where organization_id = $1 and ended_at is null',
      [owner.organizationId],
    );
    await runTimedWork(innkeep, 'close-forgotten-shifts');
    const path = `/v1/staff/attendance?userId=${rui.userId}`;
    const forgotten = await eventually(async () => {
      const [shift] = (await manager.get(path)).as<Page<Shift>>(200).data;
      expect(shift).toMatchObject({ isForgotten: true, workedSeconds: 0 });
      return shift!;
    });
    const times = { startedAt: hoursAgo(10), endedAt: hoursAgo(2), reason: 'The terminal was broken' };
    const asked = await post(manager, 'corrections', { shiftId: forgotten.id, ...times });
    const { id } = asked.as<Asked>(201);
    const twice = await post(rui, 'corrections', { shiftId: forgotten.id, ...times });
    expectProblem('another', twice, 409, 'correction-pending');
    expectProblem('own', await decide(manager, `corrections/${id}`), 403, 'forbidden');
    const approved = await decide(owner, `corrections/${id}`);
    expect(approved.as<Asked>(200).status).toBe('approved');
    const overlapping = { propertyId: property.id, ...times, startedAt: hoursAgo(5) };
    const second = (await post(rui, 'corrections', overlapping)).as<Asked>(201);
    expectProblem('two at once', await decide(manager, `corrections/${second.id}`), 409, 'shifts-overlap');
    const rejected = await decide(manager, `corrections/${second.id}`, 'rejected');
    const [shift] = await list<Shift>(rui, 'attendance', rejected);
    expect(shift).toMatchObject({ isForgotten: true, isCorrected: true, workedSeconds: 8 * 3_600 });
    const reasons = (await list<Asked>(rui, 'corrections', rejected)).map(({ reason }) => reason);
    expect(reasons).toEqual([times.reason, times.reason]);
    const months = await list<{ userId: number; workedSeconds: number; forgottenCount: number }>(
      owner,
      `attendance-statistics?year=${hoursAgo(10).slice(0, 4)}&userId=${rui.userId}`,
      rejected,
    );
    expect(months.reduce((sum, { workedSeconds }) => sum + workedSeconds, 0)).toBe(8 * 3_600);
    expect(months.reduce((sum, { forgottenCount }) => sum + forgottenCount, 0)).toBe(1);
  });

  it('include leave, as much as there is, not twice, decided by another', async () => {
    const type = { name: 'Holiday', daysPerYear: 2, carryOverDays: 1 };
    const { id: leaveTypeId } = (await post(owner, 'leave-types', type)).as<{ id: string }>(201);
    expectProblem('by a manager', await post(manager, 'leave-types', type), 403, 'forbidden');
    expectProblem('twice', await post(owner, 'leave-types', { name: 'HOLIDAY' }), 409, 'leave-type-name-taken');
    const ask = (from: string, to: string, more: object = {}) =>
      post(ana, 'leave-requests', { propertyId: property.id, leaveTypeId, from, to, reason: 'A wedding', ...more });
    const year = new Date().getFullYear();
    const asked = (await ask(`${year}-07-06`, `${year}-07-07`, { endsAtNoon: true })).as<Asked>(201);
    expect(asked).toMatchObject({ status: 'pending', days: 1.5 });
    const noon = await ask(`${year}-07-07`, `${year}-07-07`);
    expectProblem('over it', noon, 409, 'leave-overlaps');
    const more = await Promise.all(
      [8, 9].map((day) => ask(`${year}-07-0${day}`, `${year}-07-0${day}`, { endsAtNoon: true })),
    );
    expect(more.map(({ status }) => status).sort()).toEqual([201, 409]);
    expectProblem('own', await decide(ana, `leave-requests/${asked.id}`), 403, 'forbidden');
    (await decide(manager, `leave-requests/${asked.id}`)).expect(200);
    const again = await decide(manager, `leave-requests/${asked.id}`, 'rejected');
    expectProblem('another decision', again, 409, 'staff-request-decided');
    const grant = { userId: ana.userId, leaveTypeId, year, days: 3, reason: 'Worked on a holiday' };
    const granted = await post(manager, 'leave-grants', grant);
    granted.expect(201);
    const balancePath = `/v1/staff/leave-balances?year=${year}`;
    const { balances } = (await ana.getAfter(granted.position, balancePath)).as<{ balances: object[] }>(200);
    expect(balances).toEqual([
      {
        ...{ leaveTypeId, name: 'Holiday', entitledDays: 2, accrual: 'yearly', accruedDays: 2 },
        ...{ carriedDays: 0, grantedDays: 3 },
        ...{ takenDays: 1.5, pendingDays: 0.5, remainingDays: 3 },
      },
    ]);
    expectProblem('of others', await rui.get(`${balancePath}&userId=${ana.userId}`), 404, 'not-found');
    const months = await list<{ days: number }>(manager, `leave-statistics?year=${year}&month=7`, granted);
    expect(months.map(({ days }) => days)).toEqual([1.5]);
    const cancelled = await manager.post(`/v1/staff/leave-requests/${asked.id}/cancellation`);
    expect(cancelled.as<Asked>(200).status).toBe('cancelled');
    expect(await list(manager, `leave-statistics?year=${year}`, cancelled)).toEqual([]);
    await eventually(() => expect(heard()).toEqual(expect.arrayContaining(['LeaveRequested', 'LeaveCancelled'])));
    expect(JSON.stringify(live!.ledger.messages)).not.toContain('wedding');
  });

  it('include leave that accrues by the month, and is not counted on holidays', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const holidays = [{ day: `${year}-05-01`, name: 'Labour Day' }];
    const path = `/v1/staff/properties/${property.id}/rules`;
    const twice = await manager.put(path, { holidays: [...holidays, ...holidays] });
    expectProblem('a day twice', twice, 400, 'invalid-request');
    const set = await manager.put(path, { holidays });
    expect(set.as<object>(200)).toMatchObject({ holidays });
    expect((await manager.getAfter(set.position, path)).as<object>(200)).toMatchObject({ holidays });
    const type = { name: 'Earned leave', daysPerYear: 12, accrual: 'monthly' };
    const { id: leaveTypeId } = (await post(owner, 'leave-types', type)).as<{ id: string }>(201);
    const ask = (from: string, to: string) =>
      post(rui, 'leave-requests', {
        propertyId: property.id,
        leaveTypeId,
        from: `${year}-${from}`,
        to: `${year}-${to}`,
      });
    expectProblem('too early', await ask('02-03', '02-05'), 409, 'leave-balance-exceeded');
    const { days } = (await ask('04-29', '05-03')).as<Asked>(201);
    expect(days).toBe(4);
    const asked = await ask('01-08', '01-08');
    expectProblem('what April needs', asked, 409, 'leave-balance-exceeded');
    const remaining = async (month: number) => {
      const { balances } = (await rui.get(`/v1/staff/leave-balances?year=${year}&month=${month}`)).as<{
        readonly balances: { leaveTypeId: string; accruedDays: number; remainingDays: number }[];
      }>(200);
      return balances.flatMap((one) => (one.leaveTypeId === leaveTypeId ? [one.accruedDays, one.remainingDays] : []));
    };
    expect([await remaining(1), await remaining(6)]).toEqual([
      [1, 0],
      [6, 2],
    ]);
  });

  it('keep their hours and lose names, words and places when somebody is erased', async () => {
    const before = (await manager.get(`/v1/staff/attendance?userId=${ana.userId}`)).as<Page<Shift>>(200).data;
    const erased = await owner.post(`/v1/users/${ana.userId}/erasure`);
    erased.expect(200);
    const [shift] = await list<Shift>(manager, `attendance?userId=${ana.userId}`, erased);
    expect(shift).toMatchObject({ workedSeconds: before[0]!.workedSeconds, userName: 'erased' });
    const located = (await manager.get(`/v1/staff/attendance/${shift!.id}`)).as<Shift>(200);
    expect(located.beganAtPlace).toBeNull();
    const requests = await list<Asked>(manager, `leave-requests?userId=${ana.userId}`, erased);
    expect(requests.map(({ reason }) => reason)).toEqual(['erased', 'erased']);
    await runTimedWork(innkeep, 'forget-places');
    const keys = `select erased_at is not null as gone from privacy.subject_keys where subject like 'location:${ana.userId}.%'`;
    await eventually(async () => expect(await innkeep.database.asAdmin(keys)).toEqual([{ gone: true }]));
    // Those of others go when their time is over.
    const ours = [owner.organizationId];
    await innkeep.database.asAdmin(
      'update staff.location_months set forget_at = now() where organization_id = $1',
      ours,
    );
    await runTimedWork(innkeep, 'forget-places');
    const months = 'select from staff.location_months where organization_id = $1';
    await eventually(async () => expect(await innkeep.database.asAdmin(months, ours)).toEqual([]));
  });
});
