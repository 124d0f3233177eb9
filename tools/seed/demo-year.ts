import type { DemoProperty, DemoUnits } from './demo-organizations';
import type { Choices } from './choices';
import { firstNames, lastNames } from './names';

const DAY_MS = 86_400_000;
/** Hours of the universal day at which it is the same day in the zones of all demo properties. */
const ARRIVAL_HOUR = 14;
const DEPARTURE_HOUR = 10;
/** For how many days ahead there are bookings. */
const AHEAD_DAYS = 30;

/** A stay, as another system would hand it over. */
export interface DemoStay {
  readonly externalReference: string;
  readonly adults: number;
  readonly children: number;
  readonly country: string;
  readonly guestName: string;
  readonly arrivesOn: string;
  readonly departsOn: string;
  readonly outcome: 'expected' | 'in-house' | 'departed' | 'cancelled';
  readonly checkedInAt?: string;
  readonly checkedOutAt?: string;
}

export interface DemoTransaction {
  readonly kind: 'revenue' | 'expense';
  readonly externalReference: string;
  readonly amountCents: number;
  readonly description: string;
  readonly category: string;
  readonly paymentMode: string;
  readonly occurredAt: string;
}

export interface DemoYear {
  readonly stays: readonly DemoStay[];
  readonly transactions: readonly DemoTransaction[];
}

const at = (day: number, hour: number): string => new Date(day * DAY_MS + hour * 3_600_000).toISOString();
const dayText = (day: number): string => at(day, 0).slice(0, 10);
const monthOf = (day: number): number => new Date(day * DAY_MS).getUTCMonth();
const isWeekend = (day: number): boolean => [5, 6].includes(new Date(day * DAY_MS).getUTCDay());

const payments = [
  ['card', 62],
  ['ota', 22],
  ['cash', 10],
  ['transfer', 6],
] as const;

/** What a property spends in the rhythm of days: every how many, for what, and how much on average, in cents of a euro. */
const costs = [
  [1, 'Breakfast buffet', 'food', 42_00],
  [3, 'Laundry', 'housekeeping', 58_00],
  [7, 'Cleaning supplies', 'housekeeping', 36_00],
  [9, 'Fresh flowers', 'decoration', 18_00],
  [17, 'Repairs', 'maintenance', 140_00],
  [30, 'Electricity and water', 'utilities', 620_00],
  [30, 'Wages', 'staff', 3_400_00],
  [30, 'Commission of booking portals', 'marketing', 480_00],
] as const;

/** Makes the life of a property up to a moment, from choices that decide all of it. */
export class YearMaker {
  private readonly stays: DemoStay[] = [];
  private readonly transactions: DemoTransaction[] = [];
  private readonly today: number;

  /**
   * @param days how many days back it begins
   * @param reference begins every external reference, by which what is there already is known again
   */
  constructor(
    private readonly property: DemoProperty,
    private readonly choices: Choices,
    private readonly now: Date,
    private readonly days: number,
    private readonly reference: string,
  ) {
    this.today = Math.floor(now.getTime() / DAY_MS);
  }

  make(): DemoYear {
    let unit = 0;
    for (const units of this.property.units) for (let n = 0; n < units.count; n++) this.fill(units, unit++);
    for (const cost of costs) this.spend(cost);
    const hasHappened = ({ occurredAt }: DemoTransaction) => occurredAt <= this.now.toISOString();
    return { stays: this.stays, transactions: this.transactions.filter(hasHappened) };
  }

  /** One party after another in a unit, with gaps as the season is. */
  private fill(units: DemoUnits, unit: number): void {
    const { choices, property } = this;
    let n = 0;
    for (let day = this.today - this.days; day < this.today + AHEAD_DAYS;) {
      const demand = property.seasons[monthOf(day)]! * (isWeekend(day) ? 1.15 : 0.95) * (day > this.today ? 0.6 : 1);
      if (!choices.happens(demand)) {
        day += choices.between(1, 2);
        continue;
      }
      const nights = choices.weighted([...[[1, 18] as const, [2, 28] as const, [3, 24] as const], [5, 18], [7, 12]]);
      const reference = `${this.reference}-${unit}-${n++}`;
      if (this.book(units, reference, day, nights) !== 'cancelled') day += nights;
    }
  }

  private book(units: DemoUnits, reference: string, day: number, nights: number): DemoStay['outcome'] {
    const { choices, property } = this;
    const adults = choices.between(1, Math.min(units.capacity, 2));
    const children = units.capacity > 2 && choices.happens(0.4) ? choices.between(1, units.capacity - adults) : 0;
    const leaves = day + nights;
    const isOver = (when: string) => when <= this.now.toISOString();
    const outcome = choices.happens(0.06)
      ? 'cancelled'
      : isOver(at(leaves, DEPARTURE_HOUR))
        ? 'departed'
        : isOver(at(day, ARRIVAL_HOUR))
          ? 'in-house'
          : 'expected';
    this.stays.push({
      ...{ externalReference: reference, adults, children, outcome },
      country: choices.weighted(property.guests),
      guestName: `${firstNames[choices.between(0, firstNames.length - 1)]} ${lastNames[choices.between(0, lastNames.length - 1)]}`,
      arrivesOn: dayText(day),
      departsOn: dayText(leaves),
      ...(outcome === 'departed' || outcome === 'in-house' ? { checkedInAt: at(day, ARRIVAL_HOUR) } : {}),
      ...(outcome === 'departed' ? { checkedOutAt: at(leaves, DEPARTURE_HOUR) } : {}),
    });
    if (outcome === 'departed') this.charge(units, reference, leaves, nights, adults + children);
    return outcome;
  }

  /** What a party pays on the day it leaves. */
  private charge({ type, rateCents }: DemoUnits, reference: string, day: number, nights: number, people: number): void {
    const { choices, property } = this;
    const season = 0.8 + property.seasons[monthOf(day)]! * 0.4;
    const rate = Math.round((rateCents * season * choices.between(92, 108)) / 10_000) * 100;
    const paymentMode = choices.weighted(payments);
    const record = (what: string, description: string, category: string, amountCents: number) =>
      this.transactions.push({
        ...{
          kind: 'revenue',
          externalReference: `${reference}-${what}`,
          amountCents,
          description,
          category,
          paymentMode,
        },
        occurredAt: at(day, DEPARTURE_HOUR),
      });
    record('stay', `${nights} ${nights === 1 ? 'night' : 'nights'}, ${type}`, 'accommodation', rate * nights);
    if (choices.happens(0.55)) record('food', 'Breakfast', 'food', Math.round(rateCents * 0.12) * people * nights);
    if (choices.happens(0.12)) record('late', 'Late checkout', 'accommodation', Math.round(rateCents * 0.25));
  }

  private spend([every, description, category, cents]: (typeof costs)[number]): void {
    const { choices, property } = this;
    const units = property.units.reduce((sum, { count }) => sum + count, 0);
    for (let day = this.today - this.days; day <= this.today; day += every) {
      const share = (0.4 + property.seasons[monthOf(day)]!) * (units / 6) * property.costFactor;
      this.transactions.push({
        kind: 'expense',
        externalReference: `${this.reference}-${category}-${description.split(' ')[0]}-${day}`,
        amountCents: Math.max(1, Math.round(cents * share * (choices.between(80, 120) / 100))),
        ...{ description, category },
        paymentMode: cents > 100_00 ? 'transfer' : choices.weighted([...[['card', 7] as const], ['cash', 3]]),
        occurredAt: at(day, 11),
      });
    }
  }
}
