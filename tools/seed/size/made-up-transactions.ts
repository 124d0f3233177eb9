import { type TransactionSnapshot, businessDay } from '@innkeep/contracts';
import type { Choices } from '../choices';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far back an organization goes. */
const DAYS = 365;
/** What is younger is decided on by nobody yet, and of what is older a little. */
const PENDING_MS = 2 * DAY_MS;

/** A category, what is said of it, and how much it usually is; how often. */
type Cause = readonly [readonly [category: string, description: string, usual: number], number];

const revenues: readonly Cause[] = [
  [['accommodation', 'Night', 9_000], 60],
  [['food', 'Breakfast', 1_400], 25],
  [['parking', 'Garage', 1_200], 8],
  [['events', 'Hall and catering', 48_000], 2],
];
const expenses: readonly Cause[] = [
  [['housekeeping', 'Laundry', 5_800], 30],
  [['food', 'Breakfast buffet', 4_200], 30],
  [['maintenance', 'Repairs', 14_000], 10],
  [['utilities', 'Electricity and water', 31_000], 5],
  [['staff', 'Wages', 170_000], 3],
];
const modes = [
  ['card', 62],
  ['ota', 22],
  ['cash', 10],
  ['transfer', 6],
] as const;

/** A property as far as its transactions depend on it. */
export interface MadeUpProperty {
  readonly id: number;
  readonly timeZone: string;
  readonly currency: string;
}

export type Snapshot = Required<TransactionSnapshot>;

/** Business days that were asked for, by zone and hour: asking the calendar of a zone costs more than the whole rest. */
const knownDays = new Map<string, string>();

/** For properties whose day begins at midnight, at instants at which none of their zones changes the day within the hour. */
function dayOf(instant: number, timeZone: string): string {
  const key = `${timeZone} ${Math.floor(instant / HOUR_MS)}`;
  let day = knownDays.get(key);
  if (day === undefined) knownDays.set(key, (day = businessDay(new Date(instant), timeZone, '00:00')));
  return day;
}

const hex = (choices: Choices, digits: number) =>
  Math.floor(choices.next() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');

/** An id as the product makes them (UUID version 7): of the instant, and by chance. */
function idAt(instant: number, choices: Choices): string {
  const time = instant.toString(16).padStart(12, '0');
  const variant = '89ab'[Math.floor(choices.next() * 4)]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(choices, 3)}-${variant}${hex(choices, 3)}-${hex(choices, 6)}${hex(choices, 6)}`;
}

/** The transactions of an organization, in the order in which they happened, up to a moment. */
export function* madeUpTransactions(
  count: number,
  properties: readonly MadeUpProperty[],
  now: number,
  choices: Choices,
): Generator<Snapshot> {
  const today = Math.floor((now - PENDING_MS / 2) / DAY_MS);
  for (let n = 0; n < count; n++) {
    const day = today - DAYS + Math.floor(((n + choices.next()) / count) * DAYS);
    // Hours of the universal day at which it is the same day everywhere that properties are.
    const instant = day * DAY_MS + choices.between(12, 16) * HOUR_MS + choices.between(0, HOUR_MS - 1);
    const property = properties[choices.between(0, properties.length - 1)]!;
    const isRevenue = choices.happens(0.6);
    const [category, description, usual] = choices.weighted(isRevenue ? revenues : expenses);
    const isWaiting = instant > now - PENDING_MS || choices.happens(0.03);
    yield {
      transactionId: idAt(instant, choices),
      kind: isRevenue ? 'revenue' : 'expense',
      propertyId: property.id,
      amountCents: Math.max(1, Math.round(usual * (0.4 + 1.2 * choices.next()))),
      currency: property.currency,
      description,
      category,
      paymentMode: choices.weighted(modes),
      occurredAt: new Date(instant).toISOString(),
      businessDay: dayOf(instant, property.timeZone),
      status: isWaiting ? 'pending' : choices.happens(0.02) ? 'rejected' : 'approved',
      externalReference: null,
      reversalOf: null,
      tax: null,
      approval: null,
    };
  }
}
