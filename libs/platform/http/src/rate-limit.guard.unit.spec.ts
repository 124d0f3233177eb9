import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionContext } from '@nestjs/common';
import type { ThrottlerOptions, ThrottlerStorage } from '@nestjs/throttler';
import { throttlers } from './rate-limit.guard';
import { rateLimitEnvironment } from './rate-limits';
import { RequestQuotas } from './request-quotas';
import { NOBODY } from './request-state';

const storage: ThrottlerStorage = { increment: () => Promise.reject(new Error('is not asked')) };
const requestOf = (organizationId?: number, userId = 1) => ({
  method: 'GET',
  caller: organizationId && { principal: { organizationId, userId } },
  routeOptions: { config: { rules: {} } },
});
const contextOf = (...of: Parameters<typeof requestOf>) =>
  ({ switchToHttp: () => ({ getRequest: () => requestOf(...of) }) }) as unknown as ExecutionContext;

describe('the limit of a plan', () => {
  const quotas = new RequestQuotas();
  quotas.answerFrom({ perMinute: async (organizationId) => (organizationId === 1 ? 600 : null) });
  const limitsWith = (RATE_LIMIT_PLAN: 'on' | 'off') =>
    throttlers(rateLimitEnvironment.parse({ RATE_LIMIT_PLAN }), storage, quotas) as { throttlers: ThrottlerOptions[] };
  const plan = limitsWith('on').throttlers.find(({ name }) => name === 'plan')!;

  it('counts for the organizations that have one, once it is known', async () => {
    expect([1, 2, undefined].map((id) => plan.skipIf!(contextOf(id)))).toEqual([true, true, true]);
    await turn();
    expect([1, 2, undefined].map((id) => plan.skipIf!(contextOf(id)))).toEqual([false, true, true]);
    const limitOf = plan.limit as (context: ExecutionContext) => number;
    expect(limitOf(contextOf(1))).toBe(600);
    expect(plan.getTracker!(requestOf(1), contextOf(1))).toBe('org:1');
  });

  it('and that of reads do not count what a process asks of itself', () => {
    const reads = limitsWith('on').throttlers.find(({ name }) => name === 'read-user')!;
    expect([reads, plan].map((limit) => limit.skipIf!(contextOf(1)))).toEqual([false, false]);
    expect([reads, plan].map((limit) => limit.skipIf!(contextOf(1, NOBODY)))).toEqual([true, true]);
  });

  it('of an address counts files behind a link apart, so that previews do not keep anybody from signing in', () => {
    const byName = new Map(limitsWith('on').throttlers.map((limit) => [limit.name, limit]));
    const asked = (limits?: 'file') => {
      const request = { method: 'GET', ip: '192.0.2.7', routeOptions: { config: { rules: { limits } } } };
      const context = { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
      return ['address', 'file-address'].filter((name) => !byName.get(name)!.skipIf!(context));
    };
    expect([asked(), asked('file')]).toEqual([['address'], ['file-address']]);
  });

  it('can be turned off', () => {
    expect(limitsWith('off').throttlers.map(({ name }) => name)).not.toContain('plan');
  });
});
