import type { Pool } from 'pg';
import { type FamilyState, newFamilyState } from '../rollback/family-step';
import { type ProviderState, newProviderState } from './gate';
import { SharedState } from './shared-state';

/**
 * What all processes know of the edge as a whole: an account at a provider is one for all shards, so this is kept once, beside the
 * directory.
 */
export class EdgeState {
  readonly providers: SharedState<ProviderState>;
  readonly families: SharedState<FamilyState>;

  constructor(
    readonly pool: Pool,
    /** Moves the clock, for tests. */
    clock?: (now: number) => number,
  ) {
    this.providers = new SharedState(pool, 'edge.providers', newProviderState, clock);
    this.families = new SharedState(pool, 'edge.families', newFamilyState, clock);
  }
}
