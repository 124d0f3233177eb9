import { setTimeout as sleep } from 'node:timers/promises';
import { Pace } from './pace';
import { Turns } from './turns';
import { Wheel } from './wheel';

describe('the pace', () => {
  it('is calm as long as writing takes little, and rests for longer the longer it takes', () => {
    const pace = new Pace();
    pace.wrote(0.2, 1_000);
    expect([pace.wait(1_000), pace.tier]).toEqual([4, 'calm']);
    pace.wrote(40, 1_000);
    expect([pace.wait(1_010), pace.tier]).toEqual([70, 'busy']);
    pace.wrote(1_000, 1_000);
    expect([pace.wait(1_000), pace.tier]).toEqual([400, 'strained']);
  });

  it('lets what comes after a rest go at once', () => {
    const pace = new Pace();
    pace.wrote(200, 1_000);
    expect([pace.wait(2_000), pace.tier]).toEqual([4, 'calm']);
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
