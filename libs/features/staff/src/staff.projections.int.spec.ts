import {
  CorrectionRejected,
  CorrectionRequested,
  ERASED,
  LeaveApproved,
  LeaveCancelled,
  LeaveRequested,
  ShiftClosed,
  ShiftCorrected,
  ShiftEnded,
  ShiftStarted,
  SubjectErased,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed, sorted } from '@innkeep/testing';
import fc from 'fast-check';
import { staff } from './staff.feature';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 12, seed: printedSeed('projections of staff') };

/** The life of one shift, and of a leave request: what happens to each in turn, as far as it goes. */
const life = fc.record({
  organization: organizationIndex,
  user: fc.integer({ min: 1, max: 3 }),
  propertyId: fc.integer({ min: 1, max: 2 }),
  day: fc.integer({ min: 1, max: 28 }),
  month: fc.constantFrom('2026-02', '2026-03'),
  steps: fc.integer({ min: 1, max: 5 }),
  isForgotten: fc.boolean(),
  isRejected: fc.boolean(),
  lateMinutes: fc.constantFrom(null, 0, 25),
});
/** Whose places or words are erased at the end. */
const erasures = fc.array(
  fc.record({ organization: organizationIndex, id: fc.constantFrom('1', '2', '1.2026-02', '3.2026-03') }),
  { maxLength: 4 },
);

type Life = typeof life extends fc.Arbitrary<infer One> ? One : never;

const uuid = (kind: number, n: number) => `0198c5e2-7d3a-7c1e-9a5${kind}-${String(n).padStart(12, '0')}`;

function shiftOf({ organization, user, propertyId, day, month, ...how }: Life, n: number): Happening[] {
  const date = `${month}-${String(day).padStart(2, '0')}`;
  const base = {
    ...{ shiftId: uuid(1, n), userId: user, propertyId, businessDay: date, startedAt: `${date}T08:00:00.000Z` },
    ...{ endedAt: null, workedSeconds: 0, lateMinutes: how.lateMinutes, isForgotten: false, isCorrected: false },
    ...{ beganInside: null, endedInside: null },
  };
  const place = JSON.stringify({ latitude: 1, longitude: 2, accuracyMetres: n });
  const ended = how.isForgotten
    ? { ...base, endedAt: `${date}T23:00:00.000Z`, isForgotten: true }
    : { ...base, endedAt: `${date}T16:00:00.000Z`, workedSeconds: 28_800, location: place };
  const correction = {
    ...{ correctionId: uuid(2, n), shiftId: base.shiftId, userId: user, propertyId, requestedBy: user },
    ...{ startedAt: '2026-04-01T08:00:00.000Z', endedAt: '2026-04-01T17:00:00.000Z' },
  };
  const { location: _, ...before } = { location: null, ...ended };
  const corrected = {
    ...before,
    ...{ businessDay: '2026-04-01', startedAt: correction.startedAt, endedAt: correction.endedAt, isCorrected: true },
    ...{ workedSeconds: 32_400, lateMinutes: 5, correctionId: correction.correctionId, before, decisionReason: 'so' },
  };
  const happenings: Happening[] = [
    { organization, type: ShiftStarted, data: { ...base, location: n % 2 ? place : null } as Happening['data'] },
    { organization, type: how.isForgotten ? ShiftClosed : ShiftEnded, data: ended },
    { organization, type: CorrectionRequested, data: { ...correction, reason: 'forgot' } as Happening['data'] },
    how.isRejected
      ? { organization, type: CorrectionRejected, data: { ...correction, decisionReason: 'no' } as Happening['data'] }
      : { organization, type: ShiftCorrected, data: corrected },
  ];
  return happenings.slice(0, how.steps);
}

function leaveOf({ organization, user, propertyId, steps }: Life, n: number): Happening[] {
  const data = {
    ...{ leaveRequestId: uuid(3, n), userId: user, propertyId, leaveTypeId: uuid(4, 1), requestedBy: user },
    ...{ from: '2026-02-27', to: '2026-03-02', startsAtNoon: true, endsAtNoon: false, halfDays: 7, status: 'pending' },
    months: [
      { month: '2026-02', halfDays: 3 },
      { month: '2026-03', halfDays: 4 },
    ],
  };
  const happenings: Happening[] = [
    { organization, type: LeaveRequested, data: { ...data, reason: n % 2 ? 'a wedding' : null } as Happening['data'] },
    { organization, type: LeaveApproved, data: { ...data, decisionReason: null } as Happening['data'] },
    { organization, type: LeaveCancelled, data: { ...data, wasApproved: true } as Happening['data'] },
  ];
  return happenings.slice(0, steps);
}

const erasureOf = ({ organization, id }: { organization: number; id: string }): Happening => {
  const data = { kind: id.includes('.') ? 'location' : 'user', id, propertyId: 1 };
  return { organization, type: SubjectErased, data };
};

/** As the projector gives it: what is sealed for somebody who is erased in the log reads as such from the beginning. */
function asErased(
  happenings: readonly Happening[],
  gone: readonly { organization: number; id: string }[],
): Happening[] {
  const isGone = (organization: number, id: string) =>
    gone.some((one) => one.organization === organization && one.id === id);
  return happenings.map((happening) => {
    const data = { ...happening.data } as unknown as Record<string, unknown>;
    const user = String(data.userId);
    const month = String(data.startedAt).slice(0, 7);
    if (isGone(happening.organization, user))
      for (const field of ['reason', 'decisionReason']) if (data[field]) data[field] = ERASED;
    const places = isGone(happening.organization, user) || isGone(happening.organization, `${user}.${month}`);
    if (places && data.location) data.location = ERASED;
    return { ...happening, data: data as unknown as Happening['data'] };
  });
}

describe('the projections of staff', () => {
  let under: ProjectionsUnderTest<Projection>;
  beforeAll(async () => {
    under = await ProjectionsUnderTest.open(foldOf);
  });
  afterAll(() => under.close());

  const byName = (name: string) => staff.projections!.find((one) => one.name === name)!;

  it.each([
    'staff_attendance',
    'staff_correction_list',
    'staff_leave_list',
    'staff_attendance_months',
    'staff_leave_months',
  ])('%s is the same whatever the batches, and forgets as if it had never known', async (name) => {
    const projection = byName(name);
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 12 }), erasures, cuts, async (lives, gone, batches) => {
        const happened = lives.flatMap((one, n) => [...shiftOf(one, n), ...leaveOf(one, n)]);
        const log = [...happened, ...gone.map(erasureOf)];
        const took = (all: readonly Happening[]) =>
          logOf(all).filter(({ type }) => projection.events.some((e) => e.type === type));
        const live = await under.rowsAfter(projection, took(log), batches);
        const replayed = await under.rowsAfter(
          projection,
          took([...asErased(happened, gone), ...gone.map(erasureOf)]),
          [{ size: 10_000, isRepeated: false }],
        );
        expect(sorted(live)).toEqual(sorted(replayed));
      }),
      runs,
    );
  });

  it('months add up to what the shifts and the leave say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 12 }), cuts, async (lives, batches) => {
        const log = logOf(lives.flatMap((one, n) => [...shiftOf(one, n), ...leaveOf(one, n)]));
        const ofShifts = log.filter(({ type }) => type.startsWith('Shift'));
        const shifts = (await under.rowsAfter(byName('staff_attendance'), ofShifts, batches)) as Row[];
        const months = (await under.rowsAfter(byName('staff_attendance_months'), ofShifts, batches)) as Row[];
        const sum = (rows: readonly Row[], of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
        for (const month of months) {
          const its = shifts.filter((shift) => isOf(shift, month));
          expect(month).toMatchObject({
            shift_count: its.length,
            worked_seconds: sum(its, (row) => Number(row.worked_seconds)),
            late_count: its.filter((row) => Number(row.late_minutes) > 0).length,
            forgotten_count: its.filter((row) => row.is_forgotten).length,
          });
        }
        expect(sum(months, (row) => Number(row.shift_count))).toBe(shifts.length);
        const ofLeave = log.filter(({ type }) => type === 'LeaveApproved' || type === 'LeaveCancelled');
        const leave = (await under.rowsAfter(byName('staff_leave_months'), ofLeave, batches)) as Row[];
        const approved = lives.filter(({ steps }) => steps === 2).length;
        expect(sum(leave, (row) => Number(row.half_days))).toBe(7 * approved);
      }),
      runs,
    );
  });

  it.each(staff.projections!)('$name folds into the table it is given and no other', ({ fold, table }) => {
    const { text } = fold(rawSql('batch'), rawSql('built.beside')).compile();
    expect(text).toContain('built.beside');
    expect(text).not.toContain(table);
  });
});

type Row = Record<string, unknown>;

const isOf = (shift: Row, month: Row) =>
  ['bucket', 'organization_id', 'user_id', 'property_id'].every((name) => shift[name] === month[name]) &&
  String(shift.business_on).slice(0, 7) === month.month;
