import { type EdgeHealth, type FamilyState, assess, newFamilyState, secondsOfStep, setStep } from './family-step';

const well: EdgeHealth = { purgeLagSeconds: 0, edgeErrors: 0, isCrossed: false };
const late: EdgeHealth = { ...well, purgeLagSeconds: 31 };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = 1_000_000;

/** Where a family stands after an hour-long series of looks, one each minute. */
const after = (state: FamilyState, minutes: number, from: number) => {
  let current = state;
  for (let minute = 1; minute <= minutes; minute++) current = assess('finance', current, well, from + minute * MINUTE);
  return current;
};

describe('the lifetime of a cache family at the edge', () => {
  it('is what the family says while nothing is wrong', () => {
    expect(assess('finance', newFamilyState, well, now)).toBe(newFamilyState);
    expect(secondsOfStep[newFamilyState.step]).toBe(Number.POSITIVE_INFINITY);
  });

  it('is none for figures while purges are more than 30 s late, and 30 s for the rest', () => {
    expect(assess('finance', newFamilyState, { ...well, purgeLagSeconds: 30 }, now).step).toBe('baseline');
    expect(assess('finance', newFamilyState, late, now)).toMatchObject({
      step: 'off',
      isHeld: false,
      reason: 'purges are 31 s late',
    });
    for (const family of ['reports', 'dashboard', 'analytics', 'check-in'])
      expect([family, assess(family, newFamilyState, late, now).step]).toEqual([family, 'off']);
    expect(assess('properties', newFamilyState, late, now).step).toBe('short');
  });

  it('is 30 s while more than one in a hundred answers of the edge is an error', () => {
    expect(assess('finance', newFamilyState, { ...well, edgeErrors: 0.01 }, now).step).toBe('baseline');
    expect(assess('finance', newFamilyState, { ...well, edgeErrors: 0.02 }, now).step).toBe('short');
    expect(assess('finance', newFamilyState, { ...well, edgeErrors: undefined }, now).step).toBe('baseline');
  });

  it('comes back by steps: 30 s for two hours, 120 s for four, and then all of it', () => {
    const off = assess('finance', newFamilyState, late, now);
    expect(after(off, 4, now).step).toBe('off');
    const short = after(off, 5, now);
    expect([short.step, short.since]).toEqual(['short', now + 5 * MINUTE]);
    expect(after(short, 119, short.since).step).toBe('short');
    const medium = after(short, 120, short.since);
    expect([medium.step, secondsOfStep[medium.step]]).toEqual(['medium', 120]);
    expect(after(medium, 239, medium.since).step).toBe('medium');
    expect(after(medium, 240, medium.since).step).toBe('baseline');
  });

  it('waits anew when something is wrong again on the way back, and is not given more meanwhile', () => {
    const short = after(assess('finance', newFamilyState, late, now), 5, now);
    const again = assess('finance', short, { ...well, edgeErrors: 0.5 }, short.since + HOUR);
    expect(again).toMatchObject({ step: 'short', unwellAt: short.since + HOUR });
    expect(after(again, 119, again.unwellAt).step).toBe('short');
    expect(assess('finance', short, late, short.since + HOUR).step).toBe('off');
  });

  it('does not come back by itself after an answer crossed organizations', () => {
    const off = assess('properties', newFamilyState, { ...well, isCrossed: true }, now);
    expect(off).toMatchObject({ step: 'off', isHeld: true });
    expect(after(off, 10 * 60, now)).toBe(off);
    const released = setStep('short', 'the VCL was corrected', now + HOUR);
    expect(after(released, 120, now + HOUR).step).toBe('medium');
  });

  it('stays off when somebody turned it off', () => {
    expect(after(setStep('off', 'we are moving', now), 600, now).step).toBe('off');
  });
});
