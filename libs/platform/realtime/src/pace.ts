/** The bands in which messages are gathered before they are written, by load. In milliseconds. */
export const tiers = { calm: [0, 50], busy: [50, 150], strained: [150, 400] } as const;
export type Tier = keyof typeof tiers;

/** Gathered for at least this long: what one commit has caused comes together. */
const LEAST_MS = 4;
const LONGEST_MS = tiers.strained[1];
/** After a round of writing there is a rest of so many times as long. */
const REST = 2;

/**
 * Decides how long messages are gathered. Writing costs by the socket, whatever is written to it: where rounds take long their rests are
 * long too, more messages go out with each, and writing takes a third of the time at the most. Clients that read little at a time would be
 * held up by it as well. What comes after a rest goes out at once.
 */
export class Pace {
  private restsUntil = 0;
  private last = LEAST_MS;

  /** A round of writing has taken so long and is over now; in milliseconds of any clock that does not jump. */
  wrote(milliseconds: number, now: number): void {
    this.restsUntil = now + Math.min(LONGEST_MS, milliseconds * REST);
  }

  /** How long to gather from now on. */
  wait(now: number): number {
    this.last = Math.max(LEAST_MS, this.restsUntil - now);
    return this.last;
  }

  get tier(): Tier {
    if (this.last <= tiers.calm[1]) return 'calm';
    return this.last <= tiers.busy[1] ? 'busy' : 'strained';
  }
}
