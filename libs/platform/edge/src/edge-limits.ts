/**
 * How long answers of a cache family may live at the edge at most while something is wrong, in seconds: 0 is not at all, and infinity
 * that nothing is wrong. Asked on every answer, so it is told from memory.
 */
export interface EdgeLimits {
  secondsFor(family: string): number;
}

/** Nothing is wrong, ever: where nobody looks. */
export const noEdgeLimits: EdgeLimits = { secondsFor: () => Number.POSITIVE_INFINITY };
