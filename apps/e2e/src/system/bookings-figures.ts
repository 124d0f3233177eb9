import type { Party } from './bookings';

/** A unit to be sold from a day on, but for some days. */
export interface SoldUnit {
  readonly inServiceFrom: string;
  readonly outOfOrder: readonly { readonly from: string; readonly to: string }[];
}

const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** The days of a range, both ends included. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}

/** What bookings come to, counted party by party and night by night: nothing of the product is used for it. */
export class BookingsFigures {
  private readonly cents = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  private readonly nights = new Map<string, number>();

  constructor(
    parties: readonly Party[],
    private readonly units: readonly SoldUnit[],
  ) {
    for (const { arrivedOn, nights, cents } of parties) {
      if (cents > 0) {
        this.cents.set(arrivedOn, (this.cents.get(arrivedOn) ?? 0) + cents);
        this.counts.set(arrivedOn, (this.counts.get(arrivedOn) ?? 0) + 1);
      }
      for (let night = 0; night < nights; night++) {
        const day = dayAfter(arrivedOn, night);
        this.nights.set(day, (this.nights.get(day) ?? 0) + 1);
      }
    }
  }

  /** As a window of the dashboard has it. */
  window(from: string, to: string) {
    const receivedCents = this.sum(this.cents, from, to);
    const transactionCount = this.sum(this.counts, from, to);
    return { receivedCents, expensesCents: 0, netCents: receivedCents, transactionCount };
  }

  /** As occupancy has it: how many units are available and filled in each night. */
  occupancy(from: string, to: string) {
    return daysOf(from, to).map((day) => ({
      ...{ day, available: this.available(day), occupied: this.nights.get(day) ?? 0 },
    }));
  }

  /** As analytics have it. */
  overview(from: string, to: string) {
    const revenueCents = this.sum(this.cents, from, to);
    const occupiedNights = this.sum(this.nights, from, to);
    const availableNights = daysOf(from, to).reduce((total, day) => total + this.available(day), 0);
    const share = (of: number, parts: number) => (parts === 0 ? null : of / parts);
    const rounded = (number: number | null) => number && Math.round(number);
    const occupancy = share(occupiedNights * 10_000, availableNights);
    return {
      ...{ revenueCents, roomRevenueCents: revenueCents, expensesCents: 0, profitCents: revenueCents },
      ...{ occupiedNights, availableNights, occupancy: occupancy && Math.round(occupancy) / 10_000 },
      averageDailyRateCents: rounded(share(revenueCents, occupiedNights)),
      revenuePerAvailableRoomCents: rounded(share(revenueCents, availableNights)),
    };
  }

  private available(day: string): number {
    return this.units.filter(
      ({ inServiceFrom, outOfOrder }) =>
        inServiceFrom <= day && !outOfOrder.some(({ from, to }) => from <= day && day <= to),
    ).length;
  }

  private sum(byDay: ReadonlyMap<string, number>, from: string, to: string): number {
    return daysOf(from, to).reduce((total, day) => total + (byDay.get(day) ?? 0), 0);
  }
}
