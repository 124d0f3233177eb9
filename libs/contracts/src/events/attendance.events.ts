import { z } from 'zod';
import { defineEvent } from './define-event';
import { subjects } from './personal-fields';

/** A shift as it stands after the event. Hours are those that really passed, whatever clocks on walls did meanwhile. */
export const shiftSnapshot = z.object({
  shiftId: z.string(),
  userId: z.number(),
  propertyId: z.number(),
  /** The business day of the property in which it began. */
  businessDay: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** What counts: nothing while it is open, and nothing of one that somebody forgot to end until it is corrected. */
  workedSeconds: z.number().int(),
  /** Null where the property has no times at which shifts begin. */
  lateMinutes: z.number().int().nullable(),
  isForgotten: z.boolean(),
  isCorrected: z.boolean(),
  /** Whether it began and ended inside the geofence; null where there was none or nobody said where they were. */
  beganInside: z.boolean().nullable(),
  endedInside: z.boolean().nullable(),
});
export type ShiftSnapshot = z.infer<typeof shiftSnapshot>;

/** With where it was, as the text of a JSON object, sealed for the month of the person: it is erased when that month's time is over. */
const located = shiftSnapshot.extend({ location: z.string().nullable() });
const ofLocation = {
  subject: ({ userId, startedAt }: ShiftSnapshot) => subjects.location(userId, startedAt.slice(0, 7)),
  fields: ['location'],
} as const;

export const ShiftStarted = defineEvent('ShiftStarted', 1, located, {}, ofLocation);
export const ShiftEnded = defineEvent('ShiftEnded', 1, located, {}, ofLocation);
/** Nobody ended it in time, so the rule of the property did. */
export const ShiftClosed = defineEvent('ShiftClosed', 1, shiftSnapshot);

const correction = z.object({
  correctionId: z.string(),
  /** Null: a shift that nobody recorded is to be added. */
  shiftId: z.string().nullable(),
  userId: z.number(),
  propertyId: z.number(),
  startedAt: z.string(),
  endedAt: z.string(),
  requestedBy: z.number(),
});

export const CorrectionRequested = defineEvent(
  'CorrectionRequested',
  1,
  correction.extend({ businessDay: z.string(), reason: z.string() }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['reason'] },
);
/** A correction was approved: the shift as it is now, and what of it counted before; null if there was none. */
export const ShiftCorrected = defineEvent(
  'ShiftCorrected',
  1,
  shiftSnapshot.extend({
    correctionId: z.string(),
    before: shiftSnapshot
      .pick({ businessDay: true, workedSeconds: true, lateMinutes: true, isForgotten: true })
      .nullable(),
    decisionReason: z.string().nullable(),
  }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['decisionReason'] },
);
export const CorrectionRejected = defineEvent(
  'CorrectionRejected',
  1,
  correction.extend({ decisionReason: z.string().nullable() }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['decisionReason'] },
);

/** Where a property's people are expected to be when they check in. */
export const geofence = z.object({
  latitude: z.number(),
  longitude: z.number(),
  radiusMetres: z.number(),
  /** A reading that is less accurate than this says nothing. */
  accuracyMetres: z.number(),
  /** Whether somebody outside cannot check in, or can and it is noted. */
  enforcement: z.enum(['refuse', 'note']),
});

/** How a property keeps its hours. */
export const staffRules = z.object({
  /** A shift that nobody has ended so long after it began was forgotten. */
  closesAfterHours: z.number().int(),
  /** Local times at which shifts begin; none: nobody is late. */
  shiftStarts: z.array(z.string()),
  graceMinutes: z.number().int(),
  /** The days that leave is counted on, from 1 for Monday. */
  workingWeekdays: z.array(z.number().int()),
  /** Days that leave is not counted on, whatever day of the week they are. */
  holidays: z.array(z.object({ day: z.string(), name: z.string() })),
  geofence: geofence.nullable(),
});
export type StaffRules = z.infer<typeof staffRules>;
export type Geofence = z.infer<typeof geofence>;

export const StaffRulesChanged = defineEvent('StaffRulesChanged', 2, staffRules.extend({ propertyId: z.number() }), {
  // Until version 2 no property knew a holiday.
  1: (before: Omit<StaffRules, 'holidays'>) => ({ ...before, holidays: [] }),
});
