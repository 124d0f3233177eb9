import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveRuleOf, rolesHearing } from '@innkeep/contracts';
import { LiveClient, eventually, numbersFrom } from '@innkeep/testing';
import {
  type Answer,
  SharedInnkeep,
  type Member,
  type Page,
  type Property,
  newKey,
  password,
  signUp,
  startTool,
} from './system';
import { makeUpBookings, writeBookings } from './system/bookings';
import { rowsOf, sheetsOf, textsOf } from './system/report-files';

interface Dashboard {
  readonly data: readonly { readonly businessDay: string; readonly today: object }[];
  readonly totals: readonly object[];
}
interface ReportExport {
  readonly id: string;
  readonly status: string;
  readonly position: number;
}
type Format = 'csv' | 'xlsx' | 'pdf';

// `SEED=123 npm test -- day-in-the-life` makes the same bookings.
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const HOUR = 3_600_000;

/** A property whose business day has just begun, so that none of what follows is on the next one. */
function withDayBefore(now: Date) {
  const hour = now.getUTCHours();
  // A business day begins before noon on the clocks of its property.
  const timeZone = hour < 12 ? 'UTC' : 'Etc/GMT+12';
  return { timeZone, businessDayStartsAt: `${String(hour % 12).padStart(2, '0')}:00` };
}

describe(`a day in the life of a property (seed ${seed})`, () => {
  const innkeep = new SharedInnkeep();
  const bookings = makeUpBookings(40, numbersFrom(seed));
  const today = new Date().toISOString().slice(0, 10);
  let property: Property;
  let owner: Member;
  let manager: Member;
  let desk: Member;
  let housekeeper: Member;
  let live: LiveClient;
  let hers: LiveClient;
  let last: Answer;

  /** What the owner has seen on the stream, up to what an answer says was done. */
  const seen = async (type: string, answer: Answer) => {
    last = answer;
    await eventually(() => {
      const message = live.ledger.messages.find(({ id }) => id === `1.${answer.position}`);
      expect([answer.request, message?.type]).toEqual([answer.request, type]);
    });
    return answer;
  };
  const did = async (type: string, asked: Promise<Answer>, status = 200) =>
    (await seen(type, (await asked).expect(status))).json<{ id: string } & Record<string, unknown>>();
  const listen = async (member: Member) => {
    const client = await new LiveClient({ url: innkeep.url, token: member.token }).open();
    innkeep.atEnd(() => client.close());
    await eventually(() => expect(client.of('ready')).not.toEqual([]));
    return client;
  };

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty(withDayBefore(new Date(`${today}T${new Date().toISOString().slice(11)}`)));
    const rule = { kind: 'expense', currency: 'EUR', fromCents: 100_00, roles: ['manager'] };
    (await owner.post('/v1/finance/approval-rules', { ...rule, propertyId: property.id })).expect(201);
    manager = await owner.invite('manager', [property.id]);
    [desk, housekeeper] = [await owner.invite('staff', [property.id]), await owner.invite('staff', [property.id])];
    [live, hers] = [await listen(owner), await listen(housekeeper)];
  });

  it('begins with the bookings of the other system', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'innkeep-day-'));
    innkeep.atEnd(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'bookings.csv');
    await writeBookings(file, bookings);
    const access = ['--api', innkeep.url, '--email', owner.email, '--password', password];
    const tool = startTool('import', ['--file', file, '--property', String(property.id), '--approve', ...access]);
    innkeep.atEnd(async () => tool.child.kill('SIGKILL'));
    const { code, output } = await tool.ended;
    // Some rows are bad, and said to be.
    expect([code, output]).toEqual([1, expect.stringContaining('Importing into')]);
    const count = (type: string) => live.ledger.messages.filter((message) => message.type === type).length;
    await eventually(() =>
      expect([count('TransactionRecorded'), count('TransactionApproved')]).toEqual([bookings.stays, bookings.stays]),
    );
    expect(count('GuestCheckedOut')).toBe(count('GuestCheckedIn'));
  });

  it('goes on at the front desk and in the rooms', async () => {
    const shift = await did('ShiftStarted', housekeeper.post('/v1/staff/check-in', { propertyId: property.id }), 201);
    const party = (externalReference: string, departsOn: string) => ({
      ...{ propertyId: property.id, externalReference, adults: 2, guestName: 'Inês Carvalho' },
      ...{ arrivesOn: today, departsOn, outcome: 'expected' },
    });
    const tomorrow = new Date(Date.parse(today) + 24 * HOUR).toISOString().slice(0, 10);
    const handed = await desk.post('/v1/guest-checkin/bulk', {
      items: ['b-1', 'b-2'].map((one) => party(one, tomorrow)),
    });
    const { results } = handed.as<{ results: { stay: { id: string } }[] }>(200);
    await seen('GuestExpected', handed);
    const arrivals = await desk.getAfter(handed.position, `/v1/guest-checkin/arrivals?propertyId=${property.id}`);
    expect(arrivals.as<Page<object>>(200).data).toHaveLength(2);
    for (const { stay } of results) await did('GuestCheckedIn', desk.post(`/v1/guest-checkin/${stay.id}/checkin`, {}));
    await did('GuestCheckedOut', desk.post(`/v1/guest-checkin/${results[0]!.stay.id}/checkout`, {}));

    const room = { propertyId: property.id, title: 'Get room 12 ready', assigneeId: housekeeper.userId };
    const task = await did('TaskCreated', manager.post('/v1/tasks', room), 201);
    for (const status of ['in-progress', 'done'])
      await did('TaskStatusChanged', housekeeper.put(`/v1/tasks/${task.id}/status`, { status }));
    await did('ShiftEnded', housekeeper.post('/v1/staff/check-out', {}, newKey()));

    // She began before anybody could check her in.
    const times = { startedAt: new Date(Date.now() - 9 * HOUR), endedAt: new Date(Date.now() - HOUR) };
    const asked = { shiftId: shift.id, ...times, reason: 'The terminal was broken' };
    const correction = await did('CorrectionRequested', housekeeper.post('/v1/staff/corrections', asked), 201);
    const approval = { decision: 'approved', reason: 'Seen at the desk' };
    await did('ShiftCorrected', manager.put(`/v1/staff/corrections/${correction.id}/approval`, approval));
  });

  it('has its money approved, counted and closed by a manager', async () => {
    const cash = { paymentMode: 'cash', category: 'rooms' };
    const paid = await did(
      'TransactionRecorded',
      desk.record('revenue', property.id, { ...cash, amountCents: 412_50 }),
      201,
    );
    const spent = await did(
      'TransactionRecorded',
      desk.record('expense', property.id, { ...cash, amountCents: 250_00 }),
      201,
    );
    expect(spent).toMatchObject({ status: 'pending', businessDay: today });
    (await desk.decide('expense', spent.id)).expect(403);
    await did('TransactionApproved', manager.decide('revenue', paid.id));
    await did('TransactionApproved', manager.decide('expense', spent.id));
    const counts = [{ paymentMode: 'cash', currency: 'EUR', countedCents: 162_00 }];
    const day = { propertyId: property.id, businessDay: today, counts };
    expect(await did('BusinessDayClosed', manager.post('/v1/finance/days/close', day))).toMatchObject({
      counts: [{ expectedCents: 162_50, differenceCents: -50 }],
    });
    const late = await desk.record('revenue', property.id, cash);
    expect(late.expect(409).problem.code).toBe('business-day-closed');
  });

  it('is what the owner reads at its end', async () => {
    const done = { receivedCents: 412_50, expensesCents: 250_00, netCents: 162_50, transactionCount: 2 };
    const dashboard = (await owner.getAfter(last.position, '/v1/dashboard')).as<Dashboard>(200);
    expect(dashboard.data).toMatchObject([{ businessDay: today, today: done }]);
    const shifts = await owner.get(`/v1/staff/attendance?propertyId=${property.id}`);
    expect(shifts.as<Page<object>>(200).data).toMatchObject([{ userId: housekeeper.userId, workedSeconds: 8 * 3_600 }]);
  });

  const fileOf = async (report: string, format: Format, from: string) => {
    const body = { report, format, propertyId: property.id, from, to: today };
    const asked = (await owner.post('/v1/exports/reports', body)).expect(202);
    await seen('ReportExportRequested', asked);
    const { id } = asked.json<ReportExport>();
    const made = await eventually(async () => {
      const one = (await owner.get(`/v1/exports/${id}`)).as<ReportExport>(200);
      if (one.status !== 'ready') throw new Error(`it is ${one.status}`);
      return one;
    });
    const told = () => live.ledger.messages.filter(({ entityId }) => entityId === id).map(({ data }) => data.status);
    await eventually(() => expect(told()).toContain('ready'));
    const { url } = (await owner.post(`/v1/exports/${id}/links`)).as<{ url: string }>(201);
    const { bytes } = (await innkeep.anybody.get(url)).expect(200);
    if (process.env.SCREENSHOTS) await writeFile(`${process.env.SCREENSHOTS}/${report}.${format}`, bytes);
    return { ...made, bytes };
  };
  /** What the months have to come to: the bookings as they were made up, and what was done today. */
  const monthsExpected = () => {
    const month = today.slice(0, 7);
    const booked = new Map([[month, 0], ...bookings.centsByMonth]);
    const done = (of: string) => (of === month ? { received: 412_50, expenses: 250 } : { received: 0, expenses: 0 });
    return [...booked].sort().map(([of, cents]) => [of, (cents + done(of).received) / 100, done(of).expenses] as const);
  };
  const total = () => monthsExpected().reduce((sum, [, received]) => sum + Math.round(received * 100), 0) / 100;

  it('goes into files that say the same', async () => {
    const csv = rowsOf((await fileOf('monthly-report', 'csv', '2024-01-01')).bytes);
    expect(csv.map((row) => [row.month, Number(row.received), Number(row.expenses)])).toEqual(monthsExpected());

    const workbook = await fileOf('monthly-report', 'xlsx', '2024-01-01');
    const [sheet, about] = sheetsOf(workbook.bytes);
    const months = monthsExpected().map(([month, received, expenses]) => [month, 'EUR', received, expenses]);
    const head = ['Month', 'Currency', 'Received', 'Expenses'];
    expect(sheet!.map((row) => row.slice(0, 4))).toEqual([head, ...months, ['Total', 'EUR', total(), 250]]);
    expect(about).toContainEqual(['Position', workbook.position]);

    const pdf = await fileOf('monthly-report', 'pdf', '2024-01-01');
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.bytes.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    const text = textsOf(pdf.bytes).join(' ').replaceAll(/\s+/g, ' ');
    const printed = (amount: number) => amount.toLocaleString('en', { minimumFractionDigits: 2 });
    for (const [month, received, expenses] of monthsExpected())
      expect(text).toContain(`${month} EUR ${printed(received)} ${printed(expenses)} ${printed(received - expenses)}`);
    expect(text).toContain(`Total EUR ${printed(total())} 250.00`);
    expect(text).toContain(`position ${pdf.position}`);
  });

  it('goes into files of who worked, and of who was away', async () => {
    const leaveType = (await owner.post('/v1/staff/leave-types', { name: 'Holiday' })).as<{ id: string }>(201).id;
    const leave = { propertyId: property.id, leaveTypeId: leaveType, from: today, to: today, endsAtNoon: true };
    const asked = await did(
      'LeaveRequested',
      housekeeper.post('/v1/staff/leave-requests', { ...leave, reason: 'A wedding' }),
      201,
    );
    await did('LeaveApproved', manager.put(`/v1/staff/leave-requests/${asked.id}/approval`, { decision: 'approved' }));
    const before = new Date(Date.parse(today) - 48 * HOUR).toISOString().slice(0, 10);
    const worked = rowsOf((await fileOf('attendance', 'csv', before)).bytes);
    const person = { userName: 'staff', userId: String(housekeeper.userId) };
    expect(worked).toMatchObject([{ ...person, workedMinutes: '480', state: 'corrected' }]);
    const [sheet] = sheetsOf((await fileOf('leave', 'xlsx', today)).bytes);
    expect(sheet![1]!.slice(2, 7)).toEqual(['staff', String(housekeeper.userId), 'Holiday', 0.5, 'approved']);
    expect(sheet!.at(-1)).toEqual(['Total', 0.5, 'approved']);
    const text = textsOf((await fileOf('leave', 'pdf', today)).bytes).join(' ');
    expect(text).toContain('Holiday');
    expect(text).not.toContain('wedding');
    const body = { report: 'attendance', format: 'csv', propertyId: property.id, from: before, to: today };
    (await housekeeper.post('/v1/exports/reports', body)).expect(403);
  });

  it('was on the stream all the while: everything, once, in order, and to each what is theirs', async () => {
    const log = await innkeep.database.asAdmin<{ version: string; type: string; user: string | null; data: object }>(
      `select version, type, data->>'userId' as user, data from events.log where organization_id = $1 order by version`,
      [owner.organizationId],
    );
    const { from } = live.ledger.segments[0]!;
    const due = (role: string, userId: number) =>
      log
        .filter(({ version }) => Number(version) > from)
        .filter(({ type, user, data }) => {
          const rule = liveRuleOf(type);
          return (
            rule &&
            (rolesHearing(rule, { ...data }).includes(role as 'owner') || (rule.concerns && user === String(userId)))
          );
        })
        // Of several that are due at once the last may stand for all.
        .filter(({ type }) => !liveRuleOf(type)!.conflates)
        .map(({ version, type }) => `1.${version} ${type}`);
    const heard = (client: LiveClient) =>
      client.ledger.messages.filter(({ type }) => !liveRuleOf(type)!.conflates).map(({ id, type }) => `${id} ${type}`);
    await eventually(() => expect(heard(live)).toEqual(due('owner', owner.userId)));
    await eventually(() => expect(heard(hers)).toEqual(due('staff', housekeeper.userId)));
    expect([live, hers].map(({ ledger }) => [ledger.flaws, ledger.segments.length])).toEqual([
      [[], 1],
      [[], 1],
    ]);
    const own = hers.ledger.messages.filter(({ service }) => service === 'staff').map(({ type }) => type);
    expect(own).toEqual(expect.arrayContaining(['ShiftStarted', 'ShiftEnded', 'ShiftCorrected', 'LeaveApproved']));
  });
});
