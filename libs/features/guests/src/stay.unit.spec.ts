import type { PropertyFacts, UnitFacts } from '@innkeep/contracts';
import {
  arrive,
  cancelStay,
  changeStay,
  checkOut,
  expectStay,
  heldDays,
  identityEndsAt,
  identityKeptAtLeastUntil,
  snapshotOf,
} from './stay';
import { bookedStay } from './stay.input';
import { assertUnitsFit } from './unit-choice';

const property: PropertyFacts = {
  ...{ id: 1, name: 'Casa', timeZone: 'Asia/Kolkata', currency: 'INR', businessDayStartsAt: '04:00' },
};
const now = new Date('2026-03-10T12:00:00Z');
const unitId = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a12';
const input = {
  ...{ propertyId: 1, guestName: 'Inês Carvalho', adults: 2, children: 1, unitIds: [unitId] },
  departsOn: '2026-03-13',
};
const expected = expectStay('0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11', input, property, now);
const inHouse = arrive(expected, {}, property, now);
const particulars = { guestName: 'Inês Carvalho', adults: 2, children: 1, unitIds: [unitId], departsOn: '2026-03-13' };

describe('a stay', () => {
  it('begins on the business day of the property, not of the calendar', () => {
    // 02:30 in the night of the 11th: the business day of the 10th ends at 04:00.
    const night = new Date('2026-03-10T21:00:00Z');
    expect(arrive(expected, {}, property, night).arrivedOn).toBe('2026-03-10');
    expect(arrive(expected, {}, property, new Date('2026-03-10T23:00:00Z')).arrivedOn).toBe('2026-03-11');
  });

  it('says before when nobody has to ask whether the papers of its guest may still be kept', () => {
    const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
    const left = checkOut(inHouse, '2026-03-12T10:00:00Z', property, inDays(3));
    const asked = [
      [expected, now],
      [inHouse, now],
      [inHouse, inDays(200)],
      [left, now],
      [left, inDays(300)],
    ] as const;
    expect(asked.map(([stay, at]) => identityKeptAtLeastUntil(stay, at))).toEqual([
      ...['2026-03-11T12:00:00.000Z', '2026-06-08T12:00:00.000Z', inDays(201).toISOString()],
      ...['2026-06-10T10:00:00.000Z', '2026-06-10T10:00:00.000Z'],
    ]);
  });

  it('says how many units it fills, and one as long as nobody chose', () => {
    expect(snapshotOf(expected)).toMatchObject({ unitCount: 1, partySize: 3 });
    expect(snapshotOf({ ...expected, unitIds: [] }).unitCount).toBe(1);
    expect(snapshotOf({ ...expected, unitIds: ['a', 'b'] }).unitCount).toBe(2);
  });

  it('is expected, comes, leaves, and does each once', () => {
    expect(() => checkOut(expected, undefined, property, now)).toThrow('It is expected');
    expect(() => arrive(inHouse, {}, property, now)).toThrow('It is in-house');
    expect(() => cancelStay(inHouse, undefined, now)).toThrow('It is in-house');
    const departed = checkOut(inHouse, '2026-03-12T05:00:00Z', property, new Date('2026-03-12T06:00:00Z'));
    expect(departed).toMatchObject({ status: 'departed', departedOn: '2026-03-12' });
    expect(() => checkOut(departed, undefined, property, now)).toThrow('It is departed');
    expect(() => changeStay(departed, particulars)).toThrow('It is departed');
  });

  it('does not end before it begins, not even where the time zone of the property was corrected meanwhile', () => {
    const farWest = { ...property, timeZone: 'Pacific/Niue' };
    const late = new Date('2026-03-10T12:30:00Z');
    // In Niue that is still the night that belongs to the day before.
    expect(arrive(expected, {}, farWest, late).arrivedOn).toBe('2026-03-09');
    expect(checkOut(inHouse, undefined, farWest, late)).toMatchObject({
      ...{ arrivedOn: '2026-03-10', departedOn: '2026-03-10', checkedOutAt: late.toISOString() },
    });
  });

  it('does not end before it begins', () => {
    const early = { ...input, arrivesOn: '2026-03-14' };
    expect(() => expectStay('x', early, property, now)).toThrow('Let the stay end');
    expect(() => checkOut(inHouse, '2026-03-10T11:00:00Z', property, now)).toThrow('Let the stay end');
    expect(() => arrive(expected, {}, property, new Date('2026-03-14T12:00:00Z'))).toThrow('Let the stay end');
  });

  it('holds its units until it has left, and not longer than it was promised them', () => {
    expect(heldDays(inHouse)).toEqual({ from: '2026-03-10', to: '2026-03-13' });
    const after = (instant: string) => heldDays(checkOut(inHouse, instant, property, new Date(instant)));
    expect(after('2026-03-12T12:00:00Z').to).toBe('2026-03-12');
    expect(after('2026-03-20T12:00:00Z').to).toBe('2026-03-13');
  });

  it('has its identity kept for 90 days after its end, and as long as it lasts', () => {
    expect(identityEndsAt(inHouse)).toBeNull();
    const departed = checkOut(inHouse, '2026-03-12T12:00:00Z', property, new Date('2026-03-12T12:00:00Z'));
    expect(identityEndsAt(departed)).toBe('2026-06-10T12:00:00.000Z');
    expect(identityEndsAt(cancelStay(expected, undefined, now))).toBe('2026-06-08T12:00:00.000Z');
    expect(identityEndsAt(expected)).toBe('2026-06-11T00:00:00.000Z');
  });

  it('knows when nothing changes', () => {
    expect(changeStay(inHouse, particulars)).toBeUndefined();
    expect(changeStay(inHouse, { ...particulars, children: 0 })).toMatchObject({ children: 0 });
  });

  it('of another system says when it came and left, if it did', () => {
    const booked = { ...{ propertyId: 1, externalReference: 'b-1', arrivesOn: '2026-03-10', departsOn: '2026-03-12' } };
    expect(bookedStay.parse(booked)).toMatchObject({ outcome: 'expected', adults: 1 });
    const { error } = bookedStay.safeParse({ ...booked, outcome: 'departed' });
    expect(error?.issues.map(({ path }) => path[0])).toEqual(['checkedInAt', 'checkedOutAt']);
    expect(bookedStay.safeParse({ ...booked, adults: 0 }).error?.issues[0]?.message).toBe('has nobody in it');
  });
});

describe('the units of a stay', () => {
  const room: UnitFacts = {
    ...{ id: unitId, propertyId: 1, name: '12', capacity: 3, inServiceFrom: '2026-01-01', inServiceUntil: null },
    outOfOrder: [{ from: '2026-03-13', to: '2026-03-20', reason: null }],
  };
  const fits = (more: Partial<UnitFacts>) => () => assertUnitsFit(expected, new Map([[unitId, { ...room, ...more }]]));

  it('are free from the day on which it leaves', () => {
    expect(fits({})).not.toThrow();
    expect(fits({ outOfOrder: [{ from: '2026-03-12', to: '2026-03-12', reason: null }] })).toThrow('out of order from');
  });

  it.each([
    ['are too small', { capacity: 2 }, 'They hold 2'],
    ['belong to another property', { propertyId: 2 }, 'a unit that the property lists'],
    ['are not in service yet', { inServiceFrom: '2026-03-11' }, 'not in service'],
    ['are not in service any more', { inServiceUntil: '2026-03-11' }, 'not in service'],
  ])('are refused that %s', (_, more, reason) => {
    expect(fits(more)).toThrow(reason);
  });
});
