/**
 * A pause before the next attempt, with full jitter: anything up to twice as long as before, so that those who failed together do not
 * come back together. In seconds.
 */
export const backoffSeconds = (attempts: number, most: number, random: () => number = Math.random): number =>
  Math.min(2 ** Math.min(attempts, 30), most) * random();
