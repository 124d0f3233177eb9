import { z } from 'zod';
import { defineEvent } from './define-event';
import { subjects } from './personal-fields';

/** When what everybody has in a year is theirs: on its first day, or a twelfth at the beginning of each month. */
export const leaveAccruals = ['yearly', 'monthly'] as const;
export type LeaveAccrual = (typeof leaveAccruals)[number];

/** A kind of leave as it is after the event. Days are counted in halves, so that sums are whole numbers. */
const leaveType = z.object({
  leaveTypeId: z.string(),
  name: z.string(),
  isPaid: z.boolean(),
  /** What everybody has in a year; null: as much as is approved. */
  halfDaysPerYear: z.number().int().nullable(),
  accrual: z.enum(leaveAccruals),
  /** At most so much of what is left goes into the next year. */
  carryOverHalfDays: z.number().int(),
});

/** Until version 2 every leave was there from the first day of the year. */
const upcasters = { 1: (before: Omit<z.infer<typeof leaveType>, 'accrual'>) => ({ ...before, accrual: 'yearly' }) };

export const LeaveTypeDefined = defineEvent('LeaveTypeDefined', 2, leaveType, upcasters);
export const LeaveTypeChanged = defineEvent('LeaveTypeChanged', 2, leaveType, upcasters);
/** Nobody can ask for it any more; what was taken stays. */
export const LeaveTypeRetired = defineEvent('LeaveTypeRetired', 2, leaveType, upcasters);

/** Somebody has more or less of a leave in a year than everybody has. */
export const LeaveGranted = defineEvent(
  'LeaveGranted',
  1,
  z.object({
    grantId: z.string(),
    userId: z.number(),
    leaveTypeId: z.string(),
    year: z.number().int(),
    halfDays: z.number().int(),
    reason: z.string(),
  }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['reason'] },
);

/** A leave request as it stands after the event. */
export const leaveSnapshot = z.object({
  leaveRequestId: z.string(),
  userId: z.number(),
  /** The property that somebody is missed in, and whose managers decide. */
  propertyId: z.number(),
  leaveTypeId: z.string(),
  from: z.string(),
  to: z.string(),
  startsAtNoon: z.boolean(),
  endsAtNoon: z.boolean(),
  halfDays: z.number().int(),
  /** The same by month, `YYYY-MM`. */
  months: z.array(z.object({ month: z.string(), halfDays: z.number().int() })),
  status: z.enum(['pending', 'approved', 'rejected', 'cancelled']),
  requestedBy: z.number(),
});
export type LeaveSnapshot = z.infer<typeof leaveSnapshot>;

export const LeaveRequested = defineEvent(
  'LeaveRequested',
  1,
  leaveSnapshot.extend({ reason: z.string().nullable() }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['reason'] },
);
const decided = leaveSnapshot.extend({ decisionReason: z.string().nullable() });
const ofPerson = {
  subject: ({ userId }: LeaveSnapshot) => subjects.user(userId),
  fields: ['decisionReason'],
} as const;
export const LeaveApproved = defineEvent('LeaveApproved', 1, decided, {}, ofPerson);
export const LeaveRejected = defineEvent('LeaveRejected', 1, decided, {}, ofPerson);
/** It is not taken after all. */
export const LeaveCancelled = defineEvent('LeaveCancelled', 1, leaveSnapshot.extend({ wasApproved: z.boolean() }));
