import fc from 'fast-check';
import {
  FAILURES_TO_OPEN,
  FAILURE_WINDOW_MS,
  RESET_MS,
  TRIAL_MS,
  admit,
  breakerAt,
  closedBreaker,
  failed,
  succeeded,
} from './breaker';

const failing = (times: number, now: number, apart = 0) =>
  Array.from({ length: times }, (_, index) => now + index * apart).reduce(
    (breaker, at) => failed(breaker, at),
    closedBreaker,
  );

describe('the breaker of a provider', () => {
  it('opens at the fifth failure within a minute, and not at five in a longer time', () => {
    expect(failing(FAILURES_TO_OPEN - 1, 0).state).toBe('closed');
    expect(failing(FAILURES_TO_OPEN, 0).state).toBe('open');
    expect(failing(20, 0, FAILURE_WINDOW_MS / 4).state).toBe('closed');
  });

  it('lets one trial through in ten seconds while it is open', () => {
    const open = failing(FAILURES_TO_OPEN, 0);
    expect(admit(open, 1).waitMs).toBe(TRIAL_MS - 1);
    const tried = admit(open, TRIAL_MS);
    expect(tried.waitMs).toBe(0);
    expect(admit(tried.breaker, TRIAL_MS + 1).waitMs).toBe(TRIAL_MS - 1);
  });

  it('lets everything through after a trial that succeeded, and nothing after the next failure', () => {
    const halfOpen = succeeded(failing(FAILURES_TO_OPEN, 0), TRIAL_MS);
    expect([halfOpen.state, admit(halfOpen, TRIAL_MS).waitMs]).toEqual(['half-open', 0]);
    expect(failed(halfOpen, TRIAL_MS + 1).state).toBe('open');
  });

  it('is closed when nothing failed for five minutes after that', () => {
    const halfOpen = succeeded(failing(FAILURES_TO_OPEN, 0), TRIAL_MS);
    expect(breakerAt(halfOpen, TRIAL_MS + RESET_MS - 1).state).toBe('half-open');
    expect(breakerAt(halfOpen, TRIAL_MS + RESET_MS).state).toBe('closed');
    expect(failed(halfOpen, TRIAL_MS + RESET_MS).state).toBe('closed');
  });

  it('behaves as a model of it does, whatever happens', () => {
    const act = fc.record({ pause: fc.integer({ min: 0, max: 90_000 }), isFailure: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let [breaker, now] = [closedBreaker, 0];
        let failures: number[] = [];
        let open: { trialAt: number } | undefined;
        let halfSince: number | undefined;
        for (const { pause, isFailure } of acts) {
          now += pause;
          if (halfSince !== undefined && now - halfSince >= RESET_MS) halfSince = undefined;
          const isLetThrough = !open || now >= open.trialAt;
          const admitted = admit(breaker, now);
          expect(admitted.waitMs === 0).toBe(isLetThrough);
          breaker = admitted.breaker;
          if (!isLetThrough) continue;
          breaker = isFailure ? failed(breaker, now) : succeeded(breaker, now);
          if (open) {
            open.trialAt = now + TRIAL_MS;
            if (!isFailure) [open, halfSince, failures] = [undefined, now, []];
          } else if (isFailure) {
            failures = [...failures.filter((at) => now - at < FAILURE_WINDOW_MS), now];
            if (halfSince !== undefined || failures.length >= FAILURES_TO_OPEN)
              [open, halfSince, failures] = [{ trialAt: now + TRIAL_MS }, undefined, []];
          }
          expect(breaker.state).toBe(open ? 'open' : halfSince === undefined ? 'closed' : 'half-open');
        }
      }),
    );
  });
});
