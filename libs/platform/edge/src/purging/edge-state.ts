import type { Pool } from 'pg';
import { type ProviderState, newProviderState } from './gate';
import { SharedState } from './shared-state';

/**
 * What all processes know of the edge as a whole: an account at a provider is one for all shards, so this is kept once, beside the
 * directory.
 */
export class EdgeState {
  readonly providers: SharedState<ProviderState>;

  constructor(
    readonly pool: Pool,
    /** Moves the clock, for tests. */
    clock?: (now: number) => number,
  ) {
    this.providers = new SharedState(pool, 'edge.providers', newProviderState, clock);
  }
}
