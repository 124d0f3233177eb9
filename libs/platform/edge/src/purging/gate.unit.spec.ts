import { FAILURES_TO_OPEN } from './breaker';
import { enter, leave, newProviderState } from './gate';
import { PurgeRefused } from './provider';
import { retryAfterSeconds } from './provider-request';

const now = Date.parse('2026-03-14T09:00:00Z');
const throttled = (seconds?: number) => new PurgeRefused('slow down', 'throttled', seconds);

describe('the gate to a provider', () => {
  it('stays shut for as long as the provider wanted, and a little longer', () => {
    const state = leave(newProviderState, throttled(30), now, () => 1);
    expect(enter(state, undefined, 1, now + 30_999)).toMatchObject({ waitMs: 1, wait: 'pause' });
    expect(enter(state, undefined, 1, now + 31_000).wait).toBe('none');
    const unspread = leave(newProviderState, throttled(30), now, () => 0);
    expect(enter(unspread, undefined, 1, now + 29_999).wait).toBe('pause');
  });

  it('stays shut for longer each time where the provider did not say how long', () => {
    let state = newProviderState;
    const pauses = [];
    for (let time = 0; time < 8; time++) {
      state = leave(state, throttled(), now, () => 1);
      pauses.push((state.pausedUntil - now) / 1_000);
    }
    expect(pauses).toEqual([6, 7, 9, 13, 21, 37, 65, 65]);
    expect(leave(state, undefined, now).throttled).toBe(0);
  });

  it('takes a refusal for asking too often for no failure', () => {
    let state = newProviderState;
    for (let time = 0; time < 2 * FAILURES_TO_OPEN; time++) state = leave(state, throttled(1), now);
    expect(state.breaker.state).toBe('closed');
    for (let time = 0; time < FAILURES_TO_OPEN; time++) state = leave(state, new PurgeRefused('500', 'failed'), now);
    expect(state.breaker.state).toBe('open');
    expect(enter(state, undefined, 1, now + 5_000).wait).toBe('breaker');
  });

  it('takes tokens only for what it lets through', () => {
    const quota = { perSecond: 1, burst: 10, counts: 'tags' } as const;
    const entered = enter(newProviderState, quota, 9, now);
    expect([entered.wait, enter(entered.state, quota, 1, now).wait]).toEqual(['none', 'quota']);
    const paused = { ...newProviderState, pausedUntil: now + 1 };
    expect(enter(paused, quota, 9, now).state).toBe(paused);
  });

  it('reads Retry-After as seconds and as an instant, and nothing else', () => {
    const read = (text: string | null) => retryAfterSeconds(text, now);
    expect(['7', 'Sat, 14 Mar 2026 09:00:09 GMT', 'Fri, 13 Mar 2026 09:00:00 GMT', '999999999'].map(read)).toEqual([
      7, 9, 0, 3_600,
    ]);
    expect([null, '', 'soon', '-'].map(read)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
