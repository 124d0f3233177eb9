import fc from 'fast-check';
import { backoffSeconds } from './backoff';
import { takeTokens, usedQuota } from './budget';
import { cloudflarePlans } from './cloudflare';

describe('the token bucket of a provider', () => {
  it('never lets through more than its burst and what has flowed in since, whatever the schedule', () => {
    const schedule = fc.array(
      fc.record({ pause: fc.integer({ min: 0, max: 5_000 }), count: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(cloudflarePlans)), schedule, (quota, steps) => {
        let [fullAt, now, taken] = [0, 1_000_000, 0];
        const start = now;
        for (const { pause, count } of steps) {
          now += pause;
          const asked = Math.min(count, quota.burst);
          const given = takeTokens(fullAt, quota, asked, now);
          fullAt = given.fullAt;
          if (given.waitMs === 0) taken += asked;
          expect(taken).toBeLessThanOrEqual(quota.burst + ((now - start) / 1_000) * quota.perSecond + 0.01);
        }
      }),
    );
  });

  it('lets through what it told to wait, once that is over', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        (burst, perSecond) => {
          const quota = { burst, perSecond, counts: 'tags' } as const;
          const now = 5_000;
          const emptied = takeTokens(0, quota, burst, now);
          const refused = takeTokens(emptied.fullAt, quota, 1, now);
          expect(refused.waitMs).toBeGreaterThan(0);
          expect(takeTokens(refused.fullAt, quota, 1, now + refused.waitMs).waitMs).toBe(0);
        },
      ),
    );
  });

  it('is used a little less than it would allow', () => {
    expect(usedQuota(cloudflarePlans.business)).toEqual({ perSecond: 9.5, burst: 47, counts: 'requests' });
  });

  it('pauses are anything up to a bound that doubles, and never longer than the longest', () => {
    expect([1, 2, 3, 20].map((attempts) => backoffSeconds(attempts, 30, () => 1))).toEqual([2, 4, 8, 30]);
    expect(backoffSeconds(5, 30, () => 0)).toBe(0);
  });
});
