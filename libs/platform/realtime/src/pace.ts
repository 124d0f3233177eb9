/** The bands in which messages are gathered before they are written, by load. In milliseconds. */
export const tiers = { calm: [0, 50], busy: [50, 150], strained: [150, 400] } as const;
export type Tier = keyof typeof tiers;

/** Gathered for at least this long: what one commit has caused comes together. */
const LEAST_MS = 4;
const LONGEST_MS = tiers.strained[1];
/** How much a new measurement counts. */
const WEIGHT = 0.2;

/**
 * Decides how long messages are gathered. Writing costs by the message and listener; as long as what is due costs little it goes out at
 * once, and the more it costs the more is taken together, so that writing never takes more than about half of the time.
 */
export class Pace {
  /** What one message to one listener costs, in milliseconds. */
  private cost = 0.005;
  private last = LEAST_MS;

  /** What was due has been written. */
  wrote(deliveries: number, milliseconds: number): void {
    if (deliveries > 0) this.cost += WEIGHT * (Math.min(0.1, milliseconds / deliveries) - this.cost);
    this.spent = milliseconds;
  }

  private spent = 0;

  /** How long to gather, while so much is due. */
  wait(due: number): number {
    this.last = Math.min(LONGEST_MS, Math.max(LEAST_MS, this.spent, due * this.cost * 0.5));
    return this.last;
  }

  get tier(): Tier {
    if (this.last <= tiers.calm[1]) return 'calm';
    return this.last <= tiers.busy[1] ? 'busy' : 'strained';
  }
}
