import type { Reaper } from '@innkeep/testing';

/** The history that `scale` is measured on. */
export type Scale = 'small' | 'full';

/** What an experiment with the event log is given. */
export interface LogBench {
  readonly rounds: number;
  readonly seconds: number;
  readonly scale: Scale;
  /** How many of them `lists` is measured among, and with how many transactions. */
  readonly organizations: number;
  readonly transactions: number;
  readonly redisUrl: string;
  readonly reaper: Reaper;
  say(line: string): void;
  atEnd(undo: () => Promise<unknown>): void;
}

/** One row of the table: what was measured of whom, and whether that is what it should be. */
export interface Finding {
  readonly what: string;
  readonly subject: string;
  readonly figure: string;
  readonly target?: string;
  /** Unsaid where there is no target, or where it could not be measured. */
  readonly isMet?: boolean;
}

/** Measures something about the event log on a database of its own. */
export type Experiment = (bench: LogBench) => Promise<Finding[]>;

/** A number for people: `41,200`. */
export const rounded = (value: number) => Math.round(value).toLocaleString('en');
