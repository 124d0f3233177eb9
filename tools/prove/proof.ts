import type { Randomness, Reaper } from '@innkeep/testing';

/** What a proof is run with. */
export interface Proving {
  /** The full size is for a person who waits some minutes, the small one for `npm test`. */
  readonly isSmall: boolean;
  readonly random: Randomness;
  /** Takes away on purpose what the proof stands on, to see that it notices. */
  readonly isLockBroken: boolean;
  /** Only what has these words in its name, where a proof is made of parts. */
  readonly only?: string;
  /** Children that are given to it do not outlive the proof, however it ends. */
  readonly reaper: Reaper;
  /** Tells how it goes on. */
  say(line: string): void;
  /** Has something ended when the proof is over, last first. */
  atEnd(undo: () => Promise<unknown>): void;
}

export interface Verdict {
  readonly holds: boolean;
  /** One line: what was done, and what came of it. */
  readonly text: string;
}

/** Something that the product promises, and an attempt to break it. */
export interface Proof {
  /** What is promised. */
  readonly claim: string;
  prove(proving: Proving): Promise<Verdict>;
}

/** The verdict of checks that each name what they found: it holds if none found anything. */
export function verdictOf(findings: Readonly<Record<string, number>>, text: string): Verdict {
  const found = Object.entries(findings).filter(([, count]) => count > 0);
  const told = found.map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  return { holds: found.length === 0, text: [text, ...told].join('; ') };
}
