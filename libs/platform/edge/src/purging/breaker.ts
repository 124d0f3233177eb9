/**
 * Whether a provider is asked at all. *Closed*: it is well. *Open*: it failed so often that only one trial in ten seconds is let through.
 * *Half-open*: a trial succeeded; everything is let through, and one failure opens it again.
 *
 * A purge that is not sent is a page that stays wrong, so an open breaker spares the provider and does not give up on it: what waited
 * goes out within seconds of its recovery. The 300 s say how long it is not called well yet.
 */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open';
  /** When it failed lately. In milliseconds, as all times here. */
  readonly failedAt: readonly number[];
  /** Since when it is in this state. */
  readonly since: number;
  readonly nextTrialAt: number;
}

export const FAILURES_TO_OPEN = 5;
export const FAILURE_WINDOW_MS = 60_000;
export const RESET_MS = 300_000;
export const TRIAL_MS = 10_000;

export const closedBreaker: Breaker = { state: 'closed', failedAt: [], since: 0, nextTrialAt: 0 };

const opened = (now: number): Breaker => ({ state: 'open', failedAt: [], since: now, nextTrialAt: now + TRIAL_MS });

/** The breaker as it is by now: without failures for long enough it closes. */
export function breakerAt(breaker: Breaker, now: number): Breaker {
  return breaker.state === 'half-open' && now - breaker.since >= RESET_MS
    ? { ...closedBreaker, since: breaker.since + RESET_MS }
    : breaker;
}

/** Whether a request may go, and the breaker after it; or how long to wait. */
export function admit(breaker: Breaker, now: number): { readonly breaker: Breaker; readonly waitMs: number } {
  const current = breakerAt(breaker, now);
  if (current.state !== 'open') return { breaker: current, waitMs: 0 };
  if (now < current.nextTrialAt) return { breaker: current, waitMs: current.nextTrialAt - now };
  return { breaker: { ...current, nextTrialAt: now + TRIAL_MS }, waitMs: 0 };
}

/** The breaker after a request succeeded. */
export function succeeded(breaker: Breaker, now: number): Breaker {
  const current = breakerAt(breaker, now);
  return current.state === 'open' ? { ...current, state: 'half-open', since: now } : current;
}

/** The breaker after a request failed. */
export function failed(breaker: Breaker, now: number): Breaker {
  const current = breakerAt(breaker, now);
  if (current.state === 'open') return current;
  if (current.state === 'half-open') return opened(now);
  const failedAt = [...current.failedAt.filter((at) => now - at < FAILURE_WINDOW_MS), now];
  return failedAt.length >= FAILURES_TO_OPEN ? opened(now) : { ...current, failedAt };
}

/** A breaker that is opened for another reason than failed purges. */
export const tripped = (breaker: Breaker, now: number): Breaker => (breaker.state === 'open' ? breaker : opened(now));
