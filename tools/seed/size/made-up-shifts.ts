import { type Principal, type PropertyFacts, ShiftEnded, ShiftStarted } from '@innkeep/contracts';
import { shiftDecisions, usualRules } from '@innkeep/features/staff';
import { idAt } from './made-up-ids';
import { DAY_MS, HOUR_MS, type Making, lastWholeDay, propertiesOf, workers } from './making';

const { endShift, snapshotOf, startShift } = shiftDecisions;
type Shift = shiftDecisions.Shift;

/** How far back shifts go where there are few; where there are many they go back for as many days. */
const DAYS = 60;

/** Writes the shifts of all who clock in: one on a day at most, and one that some of them are at. */
export function writeShifts(making: Making): void {
  const { amounts, choices, now } = making;
  for (const person of workers(making)) {
    const properties = propertiesOf(making, person);
    const each = Math.max(DAYS, amounts.shiftsOfEach) / amounts.shiftsOfEach;
    for (let n = amounts.shiftsOfEach; n > 0; n--) {
      const day = lastWholeDay(now) - Math.floor(n * each);
      const startedAt = day * DAY_MS + choices.between(5 * 60, 9 * 60) * 60_000;
      const property = properties[choices.between(0, properties.length - 1)]!;
      writeShift(making, person, property, startedAt, startedAt + choices.between(4 * 60, 9 * 60) * 60_000);
    }
    if (choices.happens(0.4)) writeShift(making, person, properties[0]!, now - choices.between(0, 7 * HOUR_MS));
  }
}

/** One without an end is going on. */
function writeShift(
  making: Making,
  person: Principal,
  property: PropertyFacts,
  startedAt: number,
  endedAt?: number,
): void {
  const { log } = making;
  const { userId } = person;
  const about = (shift: Shift) => ({ propertyId: property.id, entityId: shift.shiftId });
  // Where nobody has set rules there is no fence, and nobody says where they are.
  const told = (shift: Shift) => ({ ...snapshotOf(shift), location: null });
  let shift = startShift(idAt(startedAt, making), userId, property, usualRules, new Date(startedAt));
  let version = log.record('shift', ShiftStarted(told(shift), about(shift)), userId);
  if (endedAt !== undefined) {
    shift = endShift(shift, usualRules, new Date(endedAt));
    version = log.record('shift', ShiftEnded(told(shift), about(shift)), userId);
  }
  addRow(making, shift, version);
}

function addRow({ tenant, rows }: Making, shift: Shift, version: number): void {
  rows.shifts.add(
    ...[...tenant, shift.shiftId, shift.userId, shift.propertyId, shift.businessDay, shift.startedAt, shift.endedAt],
    ...[shift.closesAt, shift.workedSeconds, shift.lateMinutes, shift.isForgotten, shift.isCorrected],
    ...[shift.beganInside, shift.endedInside, version],
  );
}
