import type { DemoApi } from './demo-api';

/** How the seed makes a demo organization. */
export interface Filling {
  readonly api: DemoApi;
  readonly now: Date;
  /** How many days back its life begins. */
  readonly days: number;
  /** What all choices come from. */
  readonly seed: number;
}
