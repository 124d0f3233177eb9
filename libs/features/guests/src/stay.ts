import { type PropertyFacts, type StaySnapshot, businessDay } from '@innkeep/contracts';
import { refuse } from './guests.problems';
import type { StayInput, StayParticulars } from './stay.input';

/** A stay of the write model. */
export interface Stay extends Omit<StaySnapshot, 'unitCount' | 'partySize'> {
  readonly email: string | null;
  readonly phone: string | null;
  readonly cancelledAt: string | null;
  readonly cancellationReason: string | null;
  readonly erasedAt: string | null;
}

const DAY_MS = 86_400_000;
const MAX_NIGHTS = 400;
const HOURS_AHEAD = 24;
const KEPT_DAYS = 90;

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * DAY_MS).toISOString();

const impossible = (pointer: string, detail: string) =>
  refuse(
    'stay-days-impossible',
    'Let the stay end on the day it begins or later, and not after more than 400 nights.',
    [{ pointer, detail }],
  );

function assertDays({ arrivesOn, departsOn }: Pick<Stay, 'arrivesOn' | 'departsOn'>): void {
  if (departsOn < arrivesOn) throw impossible('/departsOn', 'is before arrivesOn');
  if (daysBetween(arrivesOn, departsOn) > MAX_NIGHTS) throw impossible('/departsOn', 'is too long after arrivesOn');
}

function instantWithin(text: string | undefined, now: Date, pointer: string): Date {
  const instant = text === undefined ? now : new Date(text);
  if (instant.getTime() > now.getTime() + HOURS_AHEAD * 3_600_000 || instant.getUTCFullYear() < 2000)
    throw refuse('stay-time-out-of-range', `Give a time from the year 2000 to ${HOURS_AHEAD} hours from now.`, [
      { pointer, detail: 'is out of range' },
    ]);
  return instant;
}

const dayOf = (instant: Date, { timeZone, businessDayStartsAt }: PropertyFacts): string =>
  businessDay(instant, timeZone, businessDayStartsAt);

/** A stay that is agreed on: nobody has arrived yet. Without a day of arrival it begins today. */
export function expectStay(id: string, input: StayInput, property: PropertyFacts, now: Date): Stay {
  const stay: Stay = {
    stayId: id,
    propertyId: input.propertyId,
    status: 'expected',
    guestName: input.guestName ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    country: input.country ?? null,
    adults: input.adults,
    children: input.children,
    unitIds: input.unitIds,
    arrivesOn: input.arrivesOn ?? dayOf(now, property),
    departsOn: input.departsOn,
    arrivedOn: null,
    departedOn: null,
    checkedInAt: null,
    checkedOutAt: null,
    cancelledAt: null,
    cancellationReason: null,
    externalReference: input.externalReference ?? null,
    erasedAt: null,
  };
  assertDays(stay);
  return stay;
}

/** The stay of a party that has come, with the units it is given if it had others or none. */
export function arrive(
  stay: Stay,
  { checkedInAt, unitIds }: { checkedInAt?: string; unitIds?: readonly string[] },
  property: PropertyFacts,
  now: Date,
): Stay {
  if (stay.status !== 'expected') throw refuse('stay-not-expected', `It is ${stay.status}.`);
  if (stay.erasedAt) throw refuse('guest-erased', 'What is left of the guest only counts.');
  const instant = instantWithin(checkedInAt, now, '/checkedInAt');
  const arrivedOn = dayOf(instant, property);
  if (arrivedOn > stay.departsOn) throw impossible('/departsOn', 'is before the day on which the party came');
  if (daysBetween(arrivedOn, stay.departsOn) > MAX_NIGHTS) throw impossible('/departsOn', 'is too far away');
  return {
    ...stay,
    status: 'in-house',
    unitIds: unitIds ? [...unitIds] : stay.unitIds,
    arrivedOn,
    checkedInAt: instant.toISOString(),
  };
}

/** The stay of a party that has left. */
export function checkOut(stay: Stay, checkedOutAt: string | undefined, property: PropertyFacts, now: Date): Stay {
  if (stay.status !== 'in-house') throw refuse('stay-not-in-house', `It is ${stay.status}.`);
  const instant = instantWithin(checkedOutAt, now, '/checkedOutAt');
  if (instant < new Date(stay.checkedInAt!)) throw impossible('/checkedOutAt', 'is before the party came');
  const day = dayOf(instant, property);
  // A property whose time zone was corrected in between may call the same moment the day before.
  const departedOn = day < stay.arrivedOn! ? stay.arrivedOn : day;
  return { ...stay, status: 'departed', departedOn, checkedOutAt: instant.toISOString() };
}

/** The stay that nobody comes for. */
export function cancelStay(stay: Stay, reason: string | undefined, now: Date): Stay {
  if (stay.status !== 'expected') throw refuse('stay-not-expected', `It is ${stay.status}.`);
  return {
    ...stay,
    status: 'cancelled',
    cancelledAt: now.toISOString(),
    cancellationReason: reason ?? null,
  };
}

/** The stay with other particulars; only as long as it is not over. Undefined if nothing is another. */
export function changeStay(stay: Stay, particulars: StayParticulars): Stay | undefined {
  if (stay.erasedAt) throw refuse('guest-erased', 'What is left of the guest only counts.');
  if (stay.status === 'departed' || stay.status === 'cancelled') throw refuse('stay-over', `It is ${stay.status}.`);
  const { email = null, phone = null, country = null, arrivesOn = stay.arrivesOn, ...rest } = particulars;
  const changed: Stay = { ...stay, ...rest, email, phone, country, arrivesOn };
  assertDays(changed);
  if (changed.arrivedOn !== null && changed.departsOn < changed.arrivedOn)
    throw impossible('/departsOn', 'is before the day on which the party came');
  const isSame = (Object.keys(changed) as (keyof Stay)[]).every(
    (key) => JSON.stringify(changed[key]) === JSON.stringify(stay[key]),
  );
  return isSame ? undefined : changed;
}

/** The stay without anything that is personal. It goes on counting, and is known by its reference so that no import brings it back. */
export const eraseGuest = (stay: Stay, now: Date): Stay => ({
  ...stay,
  ...{ guestName: null, email: null, phone: null, cancellationReason: null },
  erasedAt: now.toISOString(),
});

/** The days that its units are kept for it: from the first up to, and without, the last. */
export const heldDays = (stay: Stay): { readonly from: string; readonly to: string } => {
  const from = stay.arrivedOn ?? stay.arrivesOn;
  // Who stays longer than agreed may be in a unit that somebody else has been promised: what happened is noted, and holds nothing.
  const to = stay.departedOn !== null && stay.departedOn < stay.departsOn ? stay.departedOn : stay.departsOn;
  return { from, to: to < from ? from : to };
};

/** From when on what documents say of the guest is not kept: 90 days after the end of the stay. None while the party is in house. */
export function identityEndsAt(stay: Stay): string | null {
  if (stay.status === 'in-house') return null;
  const end = stay.checkedOutAt ?? stay.cancelledAt ?? `${stay.departsOn}T00:00:00.000Z`;
  return daysAfter(end, KEPT_DAYS);
}

/**
 * Before when identity documents of the guest are not removed, whatever becomes of the stay: it cannot end before it began. Of one that
 * has not begun that is not known, and a day later is soon enough to look again.
 */
export function identityKeptAtLeastUntil(stay: Stay, now: Date): string {
  if (stay.status === 'departed' || stay.status === 'cancelled') return identityEndsAt(stay)!;
  const tomorrow = daysAfter(now.toISOString(), 1);
  const earliest = stay.checkedInAt === null ? tomorrow : daysAfter(stay.checkedInAt, KEPT_DAYS);
  return earliest > tomorrow ? earliest : tomorrow;
}

export const unitCountOf = ({ unitIds }: Pick<Stay, 'unitIds'>): number => Math.max(1, unitIds.length);

/** What events carry of a stay. */
export function snapshotOf({
  email: _e,
  phone: _p,
  cancelledAt: _a,
  cancellationReason: _r,
  erasedAt: _d,
  ...stay
}: Stay): StaySnapshot {
  return { ...stay, unitCount: unitCountOf(stay), partySize: stay.adults + stay.children };
}
