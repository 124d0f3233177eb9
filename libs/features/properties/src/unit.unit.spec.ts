import { addUnit, changeUnit, unitInput } from './unit';

const input = unitInput.parse({ name: '12', unitType: 'double', capacity: 2 });
const room = addUnit('0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11', 1, input, '2026-03-10');
const period = (from: string, to: string) => ({ from, to, reason: null });

describe('a unit', () => {
  it('is in service from today on, for good', () => {
    expect(room).toMatchObject({ inServiceFrom: '2026-03-10', inServiceUntil: null, outOfOrder: [] });
  });

  it('knows when nothing changes', () => {
    expect(changeUnit(room, { name: '12', outOfOrder: [] })).toBeUndefined();
    expect(changeUnit(room, { name: '12a' })).toEqual({ ...room, name: '12a' });
  });

  it('keeps the periods in which it is out of order in their order', () => {
    const outOfOrder = [period('2026-05-01', '2026-05-02'), period('2026-04-01', '2026-04-01')];
    expect(changeUnit(room, { outOfOrder })?.outOfOrder.map(({ from }) => from)).toEqual(['2026-04-01', '2026-05-01']);
  });

  it.each([
    ['ends before it begins', [period('2026-04-02', '2026-04-01')]],
    ['shares a day with another', [period('2026-04-01', '2026-04-03'), period('2026-04-03', '2026-04-04')]],
  ])('refuses a period that %s', (_, outOfOrder) => {
    expect(() => changeUnit(room, { outOfOrder })).toThrow('no two meet');
  });

  it('does not go out of service before it came into it', () => {
    expect(() => changeUnit(room, { inServiceUntil: '2026-03-09' })).toThrow('end on the day');
  });
});
