import { backoffSeconds } from './backoff';
import { type Breaker, admit, closedBreaker, failed, succeeded, tripped } from './breaker';
import { takeTokens, usedQuota } from './budget';
import type { PurgeProvider, PurgeQuota, PurgeRefused } from './provider';
import type { SharedState } from './shared-state';

/** What all workers together know of a provider. Times in milliseconds since 1970, by the clock of the database. */
export interface ProviderState {
  /** When its token bucket will be full again. */
  readonly fullAt: number;
  /** It wants to be left alone until then. */
  readonly pausedUntil: number;
  /** How often in a row it wanted that. */
  readonly throttled: number;
  readonly breaker: Breaker;
}

export const newProviderState: ProviderState = { fullAt: 0, pausedUntil: 0, throttled: 0, breaker: closedBreaker };

/** Why a request has to wait. */
export type Wait = 'none' | 'quota' | 'pause' | 'breaker';

/** Whether a request with `tags` tags may go now, and what is known afterwards. */
export function enter(
  state: ProviderState,
  quota: PurgeQuota | undefined,
  tags: number,
  now: number,
): { readonly state: ProviderState; readonly waitMs: number; readonly wait: Wait } {
  if (state.pausedUntil > now) return { state, waitMs: state.pausedUntil - now, wait: 'pause' };
  const used = quota && usedQuota(quota);
  const tokens = used
    ? takeTokens(state.fullAt, used, used.counts === 'tags' ? tags : 1, now)
    : { fullAt: 0, waitMs: 0 };
  if (tokens.waitMs > 0) return { state, waitMs: tokens.waitMs, wait: 'quota' };
  const { breaker, waitMs } = admit(state.breaker, now);
  if (waitMs > 0) return { state: { ...state, breaker }, waitMs, wait: 'breaker' };
  return { state: { ...state, fullAt: tokens.fullAt, breaker }, waitMs: 0, wait: 'none' };
}

/** Where a provider said no and not for how long. In seconds. */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 60;

/** What is known after a request: it went well, or was refused. */
export function leave(
  state: ProviderState,
  refusal: PurgeRefused | undefined,
  now: number,
  random: () => number = Math.random,
): ProviderState {
  if (!refusal) return { ...state, throttled: 0, breaker: succeeded(state.breaker, now) };
  const { kind, retryAfterSeconds } = refusal;
  const isThrottled = kind === 'throttled';
  // Nobody comes earlier than he was told to, and not all at the same moment.
  const spread = backoffSeconds(state.throttled, LONGEST_PAUSE, random);
  const asked = retryAfterSeconds ?? (isThrottled ? FIRST_PAUSE : 0);
  const seconds = asked > 0 ? asked + (retryAfterSeconds === undefined ? spread : Math.min(1, spread)) : 0;
  return {
    ...state,
    pausedUntil: Math.max(state.pausedUntil, now + seconds * 1_000),
    throttled: isThrottled ? state.throttled + 1 : state.throttled,
    breaker: isThrottled ? state.breaker : failed(state.breaker, now),
  };
}

/** Opens the breaker of a provider for another reason than that its purges fail. */
export const tripBreaker = (edge: { readonly providers: SharedState<ProviderState> }, name: string): Promise<null> =>
  edge.providers.change(name, (state, now) => ({
    state: { ...state, breaker: tripped(state.breaker, now) },
    result: null,
  }));

/** Closes it: whoever does knows that the provider is well. */
export const closeBreaker = (edge: { readonly providers: SharedState<ProviderState> }, name: string): Promise<null> =>
  edge.providers.change(name, (state, now) => ({
    state: { ...state, breaker: { ...closedBreaker, since: now } },
    result: null,
  }));

/** Lets the workers' requests to one provider through, as its quota, its own wishes and its health allow. */
export class PurgeGate {
  constructor(
    private readonly states: SharedState<ProviderState>,
    private readonly provider: PurgeProvider,
  ) {}

  /** Asks to send so many tags; answers how long to wait first, or that they may go now. */
  enter(tags: number): Promise<{ readonly waitMs: number; readonly wait: Wait }> {
    const { name, quota } = this.provider;
    return this.states.change(name, (state, now) => {
      const { state: next, waitMs, wait } = enter(state, quota, tags, now);
      return { state: next, result: { waitMs, wait } };
    });
  }

  async leave(refusal?: PurgeRefused): Promise<void> {
    await this.states.change(this.provider.name, (state, now) => ({ state: leave(state, refusal, now), result: null }));
  }
}
