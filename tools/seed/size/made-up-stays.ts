import {
  GuestCheckedIn,
  GuestCheckedOut,
  GuestExpected,
  type PropertyFacts,
  StayCancelled,
  maySeeProperty,
} from '@innkeep/contracts';
import { stayDecisions, stayEventOf } from '@innkeep/features/guests';
import { firstNames, lastNames } from '../names';
import { idAt } from './made-up-ids';
import type { MadeUpUnit } from './made-up-units';
import { DAY_MS, HOUR_MS, type Making, dayText, lastWholeDay } from './making';

const { arrive, cancelStay, checkOut, expectStay, heldDays } = stayDecisions;
type Stay = stayDecisions.Stay;

const MOST_NIGHTS = 6;
/** How far back stays go, and how far ahead. */
const DAYS_AGO = 350;
const DAYS_AHEAD = 60;
/** Of a hundred stays so many are over and so many in house; the rest is expected. */
const [OVER, IN_HOUSE] = [70, 15];
const countries = ['PRT', 'ESP', 'FRA', 'DEU', 'GBR', 'USA', 'IND'];

/** What becomes of a stay, and on which days, counted from 1970. */
interface Course {
  readonly outcome: Stay['status'];
  readonly arrivesOn: number;
  readonly departsOn: number;
  readonly bookedAt: number;
}

/** When a stay is, by its place among all of them, from 0 to 1. */
function courseOf({ choices, now }: Making, place: number): Course {
  const last = lastWholeDay(now);
  const of = place * 100;
  const nights = choices.between(1, MOST_NIGHTS);
  const booked = choices.between(1, 40) * DAY_MS;
  if (of < OVER) {
    const arrivesOn = last - MOST_NIGHTS - 1 - Math.floor((1 - of / OVER) * DAYS_AGO);
    const outcome = choices.happens(0.05) ? 'cancelled' : 'departed';
    return { outcome, arrivesOn, departsOn: arrivesOn + nights, bookedAt: arrivesOn * DAY_MS - booked };
  }
  if (of < OVER + IN_HOUSE) {
    const arrivesOn = last - choices.between(0, MOST_NIGHTS - 1);
    return { outcome: 'in-house', arrivesOn, departsOn: last + nights, bookedAt: arrivesOn * DAY_MS - booked };
  }
  // Most of what is known of the days to come is known of the next ones.
  const ahead = (of - OVER - IN_HOUSE) / (100 - OVER - IN_HOUSE);
  const arrivesOn = last + 1 + Math.floor(DAYS_AHEAD * ahead ** 2);
  const outcome = choices.happens(0.1) ? 'cancelled' : 'expected';
  return { outcome, arrivesOn, departsOn: arrivesOn + nights, bookedAt: now - booked };
}

/** Writes the stays of all properties, those first that are over. Most are in the first house. */
export function writeStays(making: Making, units: ReadonlyMap<number, readonly MadeUpUnit[]>): void {
  const { choices, properties, amounts } = making;
  for (let n = 0; n < amounts.stays; n++) {
    const course = courseOf(making, (n + choices.next()) / amounts.stays);
    const property = properties[Math.floor(properties.length * choices.next() ** 2)]!;
    writeStay(making, property, course, chooseUnit(making, units.get(property.id)!, course));
  }
}

/** A unit that nobody else has then; none if there is none, or nobody has chosen yet. */
function chooseUnit({ choices }: Making, units: readonly MadeUpUnit[], course: Course): MadeUpUnit | undefined {
  if (course.outcome === 'cancelled' || choices.happens(0.1)) return undefined;
  const isInHouse = course.outcome === 'in-house';
  const [from, to] = [dayText(course.arrivesOn), dayText(course.departsOn)];
  const unit = units.find(({ freeFrom, isOccupied }) => freeFrom <= from && !(isInHouse && isOccupied));
  if (unit) [unit.freeFrom, unit.isOccupied] = [to, unit.isOccupied || isInHouse];
  return unit;
}

function writeStay(making: Making, property: PropertyFacts, course: Course, unit: MadeUpUnit | undefined): void {
  const { choices, log, team, now } = making;
  const { outcome, arrivesOn, departsOn, bookedAt } = course;
  const clerk = team.staff.find((person) => maySeeProperty(person, property.id)) ?? team.manager;
  const record = (type: Parameters<typeof stayEventOf>[0], of: Stay) =>
    log.record('stay', stayEventOf(type, of), clerk.userId);
  /** At hours of the universal day at which it is the same day everywhere that properties are. */
  const at = (day: number, from: number, to: number) =>
    new Date(day * DAY_MS + choices.between(from * 60, to * 60) * 60_000);
  const cameAt = at(arrivesOn, 12, 16);
  const isWalkIn = outcome !== 'expected' && outcome !== 'cancelled' && choices.happens(0.7);
  const agreedAt = isWalkIn ? cameAt : new Date(bookedAt);
  let stay = expectStay(idAt(agreedAt.getTime(), making), partyOf(making, property, course, unit), property, agreedAt);
  let version = isWalkIn ? 0 : record(GuestExpected, stay);
  if (outcome === 'cancelled') {
    stay = cancelStay(stay, choices.happens(0.5) ? 'They stay at home' : undefined, new Date(bookedAt + HOUR_MS));
    version = record(StayCancelled, stay);
  }
  if (outcome === 'in-house' || outcome === 'departed') {
    stay = arrive(stay, { checkedInAt: cameAt.toISOString() }, property, new Date(now));
    version = record(GuestCheckedIn, stay);
  }
  if (outcome === 'departed') {
    stay = checkOut(stay, at(departsOn, 8, 11).toISOString(), property, new Date(now));
    version = record(GuestCheckedOut, stay);
  }
  addRows(making, stay, version);
}

/** Who comes, as many as there is room for. */
function partyOf(making: Making, { id: propertyId }: PropertyFacts, course: Course, unit: MadeUpUnit | undefined) {
  const { choices } = making;
  const capacity = unit?.capacity ?? 2;
  const adults = Math.min(capacity, choices.between(1, 2));
  const [first, last] = [firstNames, lastNames].map((names) => names[choices.between(0, names.length - 1)]!);
  return {
    propertyId,
    guestName: `${first} ${last}`,
    email: choices.happens(0.6) ? `${first}.${last}@guests.example`.toLowerCase() : undefined,
    phone: choices.happens(0.4) ? `+3519${choices.between(10_000_000, 99_999_999)}` : undefined,
    country: countries[choices.between(0, countries.length - 1)]!,
    adults,
    children: choices.happens(0.2) ? choices.between(0, capacity - adults) : 0,
    unitIds: unit ? [unit.id] : [],
    arrivesOn: dayText(course.arrivesOn),
    departsOn: dayText(course.departsOn),
    externalReference: choices.happens(0.4) ? `B-${idAt(course.bookedAt, making)}` : undefined,
  };
}

function addRows({ tenant, rows }: Making, stay: Stay, version: number): void {
  rows.stays.add(
    ...[...tenant, stay.stayId, stay.propertyId, stay.status, stay.guestName, stay.email, stay.phone, stay.country],
    ...[stay.adults, stay.children, `{${stay.unitIds.join(',')}}`, stay.arrivesOn, stay.departsOn, stay.arrivedOn],
    ...[stay.departedOn, stay.checkedInAt, stay.checkedOutAt, stay.cancelledAt, stay.cancellationReason],
    ...[stay.externalReference, stay.erasedAt, version],
  );
  if (stay.status === 'cancelled') return;
  const { from, to } = heldDays(stay);
  for (const unitId of stay.unitIds)
    rows.unitHolds.add(...tenant, stay.stayId, unitId, `[${from},${to})`, stay.status === 'in-house');
}
