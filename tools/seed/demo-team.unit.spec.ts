import { leaveOf, shiftsOf, tasksOf } from './demo-team';
import { Choices } from './choices';

const now = new Date('2026-06-10T12:00:00Z');
const today = '2026-06-10';

describe('the people of a demo property', () => {
  it('do the same for the same number, and something else for another', () => {
    const team = (seed: number) => {
      const choices = new Choices(seed);
      return [shiftsOf(choices, now, 7, 8), leaveOf(choices, now), tasksOf(choices, now, 2)];
    };
    expect(team(7)).toEqual(team(7));
    expect(team(8)).not.toEqual(team(7));
  });

  it('work one shift at a time, and have ended each', () => {
    for (let seed = 0; seed < 50; seed++) {
      const shifts = shiftsOf(new Choices(seed), now, 12, 8);
      expect(shifts).toHaveLength(8);
      const times = shifts.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
      expect(times).toEqual([...times].sort());
      expect(times.at(-1)! < today).toBe(true);
    }
  });

  it('are away within one year and never twice at once, and what is to come is still to be decided on', () => {
    for (const at of ['2026-01-02', '2026-03-01', '2026-06-10', '2026-12-20'])
      for (let seed = 0; seed < 50; seed++) {
        const leave = leaveOf(new Choices(seed), new Date(`${at}T12:00:00Z`));
        const days = leave.flatMap(({ from, to }) => [from, to]);
        expect(days).toEqual([...days].sort());
        for (const { from, to, isApproved } of leave)
          expect([from.slice(0, 4), from >= '2026', isApproved]).toEqual([to.slice(0, 4), true, from < at]);
      }
  });

  it('have something overdue, something done and something that nobody has taken yet', () => {
    const tasks = tasksOf(new Choices(7), now, 2);
    expect(tasks.some(({ dueOn, status }) => dueOn < today && status !== 'done')).toBe(true);
    expect(tasks.map(({ status }) => status)).toEqual(expect.arrayContaining(['done', 'open', 'in-progress']));
    expect(tasks.some(({ assignee }) => assignee === undefined)).toBe(true);
  });
});
