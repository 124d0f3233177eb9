import { setImmediate as turn } from 'node:timers/promises';
import { RequestQuotas } from './request-quotas';

describe('the quotas of requests', () => {
  it('are asked for once, and limit nothing until they are known', async () => {
    const quotas = new RequestQuotas();
    expect(quotas.of(1)).toBeNull();
    const asked: number[] = [];
    quotas.answerFrom({
      perMinute: async (organizationId) => {
        asked.push(organizationId);
        return organizationId === 1 ? 600 : null;
      },
    });
    expect([quotas.of(1), quotas.of(1), quotas.of(2)]).toEqual([null, null, null]);
    await turn();
    expect([quotas.of(1), quotas.of(2)]).toEqual([600, null]);
    expect(asked).toEqual([1, 2]);
  });

  it('limit nothing where nobody can say', async () => {
    const quotas = new RequestQuotas();
    let asked = 0;
    quotas.answerFrom({ perMinute: () => Promise.reject(new Error(`away ${++asked}`)) });
    for (let time = 1; time <= 2; time++) {
      expect(quotas.of(1)).toBeNull();
      await turn();
      expect(asked).toBe(time);
    }
  });
});
