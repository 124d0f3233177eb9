import type { PropertyFacts, ShiftSnapshot, StaffRules } from '@innkeep/contracts';
import { type Location, assertInside, isInside } from './geofence';
import { alreadyCheckedIn, refuse } from './staff.problems';
import type { ShiftView } from './staff.answers';
import { businessDayOf, lateMinutes } from './wall-clock';

/** A shift of the write model: what its events have made of it, and when it counts as forgotten. */
export interface Shift extends ShiftSnapshot {
  readonly closesAt: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_HOURS = 48;
const OLDEST_DAYS = 366;

/** Whole seconds that really passed between two instants, whatever clocks on walls did meanwhile. */
export const elapsedSeconds = (from: string, to: string): number =>
  Math.floor((Date.parse(to) - Date.parse(from)) / 1_000);

/** A shift that somebody begins now. It counts to the business day that the property is in. */
export function startShift(
  shiftId: string,
  userId: number,
  property: PropertyFacts,
  rules: StaffRules,
  now: Date,
  at?: Location,
): Shift {
  return {
    shiftId,
    userId,
    propertyId: property.id,
    businessDay: businessDayOf(now, property),
    startedAt: now.toISOString(),
    endedAt: null,
    workedSeconds: 0,
    lateMinutes: lateMinutes(now, property.timeZone, rules),
    isForgotten: false,
    isCorrected: false,
    beganInside: assertInside(rules.geofence, at),
    endedInside: null,
    closesAt: new Date(now.getTime() + rules.closesAfterHours * HOUR_MS).toISOString(),
  };
}

/** The shift as somebody ends it now. Nobody is kept from leaving: that they were elsewhere is noted. */
export function endShift(shift: Shift, rules: StaffRules, now: Date, at?: Location): Shift {
  const endedAt = now.toISOString();
  return {
    ...shift,
    endedAt,
    workedSeconds: elapsedSeconds(shift.startedAt, endedAt),
    endedInside: isInside(rules.geofence, at),
  };
}

/** The shift as the rule ends it, if its time is over: nobody knows how long it was, so it counts for nothing until it is corrected. */
export function closeForgotten(shift: Shift, now: Date): Shift | undefined {
  if (shift.endedAt !== null || Date.parse(shift.closesAt) > now.getTime()) return undefined;
  return { ...shift, endedAt: shift.closesAt, isForgotten: true };
}

/** When a shift began and ended, as somebody says. */
export interface ShiftTimes {
  readonly startedAt: string;
  readonly endedAt: string;
}

/** The times as they are kept, if a shift can have them. */
export function shiftTimes(times: ShiftTimes, now: Date): ShiftTimes {
  const [from, to] = [Date.parse(times.startedAt), Date.parse(times.endedAt)];
  const flaw =
    to <= from
      ? 'It ends before it begins.'
      : to > now.getTime()
        ? 'It has not ended yet.'
        : to - from > LONGEST_HOURS * HOUR_MS
          ? `It is longer than ${LONGEST_HOURS} hours.`
          : from < now.getTime() - OLDEST_DAYS * DAY_MS
            ? `It is older than ${OLDEST_DAYS} days.`
            : undefined;
  if (flaw) throw refuse('shift-times-invalid', flaw, [{ pointer: '/endedAt', detail: 'does not fit startedAt' }]);
  return { startedAt: new Date(from).toISOString(), endedAt: new Date(to).toISOString() };
}

/** The shift with the times that were approved. The day and the lateness follow from them. */
export function correctShift(shift: Shift, times: ShiftTimes, property: PropertyFacts, rules: StaffRules): Shift {
  const began = new Date(times.startedAt);
  return {
    ...shift,
    ...times,
    businessDay: businessDayOf(began, property),
    workedSeconds: elapsedSeconds(times.startedAt, times.endedAt),
    lateMinutes: lateMinutes(began, property.timeZone, rules),
    isCorrected: true,
  };
}

/** A shift that nobody recorded while it was worked. */
export function addShift(
  shiftId: string,
  userId: number,
  times: ShiftTimes,
  property: PropertyFacts,
  rules: StaffRules,
): Shift {
  // Nobody was asked where they are.
  const begun = startShift(shiftId, userId, property, { ...rules, geofence: null }, new Date(times.startedAt));
  return correctShift(begun, times, property, rules);
}

/** Whether two stretches of time share a moment. What has not ended goes on. */
export const overlaps = (
  one: { readonly startedAt: string; readonly endedAt: string | null },
  other: ShiftTimes,
): boolean =>
  Date.parse(one.startedAt) < Date.parse(other.endedAt) &&
  (one.endedAt === null || Date.parse(other.startedAt) < Date.parse(one.endedAt));

/** Refuses to check in whoever is at work. */
export function assertNotOpen(open: Shift | undefined): void {
  if (open) throw alreadyCheckedIn();
}

/** What events carry of a shift. */
export const snapshotOf = ({ closesAt: _, ...snapshot }: Shift): ShiftSnapshot => snapshot;

/** A shift as clients see it. */
export const shiftView = (shift: Shift): ShiftView => {
  const { shiftId, ...rest } = snapshotOf(shift);
  return { id: shiftId, ...rest };
};
