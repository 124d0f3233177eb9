import { setTimeout as sleep } from 'node:timers/promises';
import { Pace } from './pace';
import { Turns } from './turns';
import { Wheel } from './wheel';

describe('the pace', () => {
  it('is calm as long as little is due, and takes more together the more is', () => {
    const pace = new Pace();
    expect(pace.wait(10)).toBeLessThanOrEqual(5);
    expect(pace.tier).toBe('calm');
    for (let round = 0; round < 50; round++) pace.wrote(10_000, 100);
    expect(pace.wait(20_000)).toBeGreaterThan(50);
    expect(pace.tier).toBe('busy');
    expect(pace.wait(1_000_000)).toBe(400);
    expect(pace.tier).toBe('strained');
    for (let round = 0; round < 50; round++) pace.wrote(10, 0.01);
    pace.wait(10);
    expect(pace.tier).toBe('calm');
  });
});

describe('the wheel', () => {
  it('hands out what is due, once, and not what was taken out', () => {
    const wheel = new Wheel<string>(10_000);
    wheel.add('soon', 10_500);
    wheel.add('past', 2_000);
    wheel.remove('never', wheel.add('never', 11_000));
    wheel.add('later', 15_000);
    expect(wheel.turn(10_900)).toEqual([]);
    expect(wheel.turn(11_000).sort()).toEqual(['past', 'soon']);
    expect(wheel.turn(11_999)).toEqual([]);
    expect(wheel.turn(15_000)).toEqual(['later']);
  });

  it('misses nothing when the machine has slept', () => {
    const wheel = new Wheel<string>(0);
    wheel.add('during', 5_000_000);
    wheel.add('after', 9_000_000_000);
    expect(wheel.turn(8_000_000_000)).toEqual(['during']);
  });
});

describe('turns', () => {
  it('let only so many work at once, and all in the end', async () => {
    const turns = new Turns(2);
    let [working, most] = [0, 0];
    const done = await Promise.allSettled(
      Array.from({ length: 7 }, (_, index) =>
        turns.take(async () => {
          most = Math.max(most, ++working);
          await sleep(1);
          working--;
          if (index === 3) throw new Error('no');
          return index;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  });
});
