/** What an edge may keep for the time being, when something is wrong with it. */
export interface EdgeLimits {
  /** Another number whenever the limits have changed, so that headers made before are made again. */
  readonly epoch: number;
  /** The longest that answers of a family may be kept, in seconds; 0: not at all. */
  secondsFor(family: string): number;
}

/** Nothing is wrong. */
export const unlimited: EdgeLimits = { epoch: 0, secondsFor: () => Infinity };
