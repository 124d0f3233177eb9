/** Random choices that can be had again: the seed is printed, and `TEST_SEED` repeats it. */
export interface Randomness {
  readonly seed: number;
  /** From 0 up to, not including, `below`. */
  integer(below: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** The seed of this run; prints it, so that a failure can be repeated. */
export function printedSeed(title: string): number {
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
  process.stderr.write(`${title}: seed ${seed} (repeat with TEST_SEED=${seed})\n`);
  return seed;
}

/** Random choices by a printed seed. */
export const randomnessFor = (title: string): Randomness => randomnessFrom(printedSeed(title));

/** Numbers from 0 up to, not including, 1 that a seed decides. A small generator (mulberry32): good enough to make things up, and the same everywhere. */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same choices for the same seed. */
export function randomnessFrom(seed: number): Randomness {
  const next = numbersFrom(seed);
  const integer = (below: number) => Math.floor(next() * below);
  return { seed, integer, pick: (choices) => choices[integer(choices.length)]! };
}
