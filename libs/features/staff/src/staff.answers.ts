import { leaveAccruals } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

const shift = {
  id: shapes.uuidId,
  userId: shapes.numericId,
  propertyId: shapes.numericId,
  businessDay: shapes.day.describe('The business day of the property in which it began'),
  startedAt: shapes.instant,
  endedAt: shapes.instant.nullable().describe('Null while it is open'),
  workedSeconds: shapes.count.describe('What counts: nothing while it is open or forgotten').meta({ example: 28_800 }),
  lateMinutes: shapes.count.nullable().describe('Null where the property has no times at which shifts begin'),
  isForgotten: z.boolean().describe('Nobody ended it, so the rule of the property did').meta({ example: false }),
  isCorrected: z.boolean().meta({ example: false }),
  beganInside: z
    .boolean()
    .nullable()
    .describe('Whether it began inside the geofence, if that is known')
    .meta({ example: true }),
  endedInside: z.boolean().nullable().meta({ example: null }),
};

/** A shift as clients see it. */
export const shiftAnswer = z.object(shift).meta({ id: 'Shift' });
export type ShiftView = Readonly<z.output<typeof shiftAnswer>>;

const named = { userName: shapes.text('Ana Duarte').nullable() };

/** A shift in lists. */
export const listedShift = z.object({ ...shift, ...named }).meta({ id: 'ListedShift' });

const place = z
  .object({
    latitude: z.number().meta({ example: 38.7109 }),
    longitude: z.number().meta({ example: -9.1366 }),
    accuracyMetres: z.number().meta({ example: 12 }),
    distanceMetres: z.number().optional().describe('From the centre of the geofence').meta({ example: 31 }),
  })
  .nullable()
  .meta({ example: { latitude: 38.7109, longitude: -9.1366, accuracyMetres: 12, distanceMetres: 31 } });

/** A shift with where it was, as long as that is kept. */
export const locatedShift = z
  .object({ ...shift, ...named, beganAtPlace: place, endedAtPlace: place.meta({ example: null }) })
  .meta({ id: 'LocatedShift' });

const correction = {
  id: shapes.uuidId,
  shiftId: shapes.uuidId.nullable().describe('Null: a shift that nobody recorded is to be added'),
  userId: shapes.numericId,
  propertyId: shapes.numericId,
  startedAt: shapes.instant,
  endedAt: shapes.instant,
  status: z.enum(['pending', 'approved', 'rejected']),
  requestedBy: shapes.numericId,
};

/** A correction as a command answers it: without the words of people, which are in lists. */
export const correctionAnswer = z.object(correction).meta({ id: 'Correction' });
export type CorrectionView = Readonly<z.output<typeof correctionAnswer>>;

const reasons = {
  ...named,
  reason: shapes.text('The terminal was out of order').nullable(),
  decisionReason: shapes.text('Seen at the desk').nullable().meta({ example: null }),
  decidedBy: shapes.numericId.nullable().meta({ example: null }),
  requestedAt: shapes.instant,
};
export const listedCorrection = z.object({ ...correction, ...reasons }).meta({ id: 'ListedCorrection' });

/** Days in steps of a half. */
export const days = z.number().multipleOf(0.5).meta({ example: 2.5 });

const leave = {
  id: shapes.uuidId,
  userId: shapes.numericId,
  propertyId: shapes.numericId,
  leaveTypeId: shapes.uuidId,
  from: shapes.day,
  to: shapes.day,
  startsAtNoon: z.boolean().meta({ example: false }),
  endsAtNoon: z.boolean().meta({ example: false }),
  days: days.describe('Working days, in halves'),
  status: z.enum(['pending', 'approved', 'rejected', 'cancelled']),
  requestedBy: shapes.numericId,
};

/** A leave request as a command answers it. */
export const leaveAnswer = z.object(leave).meta({ id: 'LeaveRequest' });
export type LeaveView = Readonly<z.output<typeof leaveAnswer>>;
export const listedLeave = z
  .object({
    ...leave,
    ...reasons,
    reason: shapes.text('A wedding').nullable(),
  })
  .meta({ id: 'ListedLeaveRequest' });

/** How a leave comes to be there. */
export const leaveAccrual = z
  .enum(leaveAccruals)
  .describe(
    '`yearly`: all of a year’s days are there on its first day; `monthly`: a twelfth of them, in whole half-days, from the first day of each month',
  )
  .meta({ example: 'monthly' });

/** A kind of leave as clients see it. */
export const leaveTypeAnswer = z
  .object({
    id: shapes.uuidId,
    name: shapes.text('Holiday'),
    isPaid: z.boolean().meta({ example: true }),
    daysPerYear: days.nullable().describe('Null: as much as is approved').meta({ example: 22 }),
    accrual: leaveAccrual,
    carryOverDays: days.describe('So much of what is left goes into the next year at most').meta({ example: 5 }),
    isRetired: z.boolean().describe('Nobody can ask for it any more').meta({ example: false }),
  })
  .meta({ id: 'LeaveType' });
export type LeaveTypeView = Readonly<z.output<typeof leaveTypeAnswer>>;
