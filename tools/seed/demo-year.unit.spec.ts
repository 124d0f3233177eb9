import { demoOrganizations } from './demo-organizations';
import { YearMaker } from './demo-year';
import { Choices } from './choices';

const now = new Date('2026-03-10T12:00:00Z');
const year = (seed: number, property = demoOrganizations[0]!.properties[0]!) =>
  new YearMaker(property, new Choices(seed), now, 365, 'demo').make();

describe('the year of a demo property', () => {
  it('is the same for the same number, and another for another', () => {
    expect(year(7)).toEqual(year(7));
    expect(year(8)).not.toEqual(year(7));
  });

  it.each(
    demoOrganizations.flatMap(({ properties }) => properties.map((property) => [property.name, property] as const)),
  )('of %s has no more parties in house than units, on any night', (_name, property) => {
    const units = property.units.reduce((sum, { count }) => sum + count, 0);
    const { stays } = year(7, property);
    const nights = new Map<string, number>();
    for (const { arrivesOn, departsOn, outcome } of stays) {
      if (outcome === 'cancelled') continue;
      for (let day = Date.parse(arrivesOn); day < Date.parse(departsOn); day += 86_400_000)
        nights.set(String(day), (nights.get(String(day)) ?? 0) + 1);
    }
    expect(Math.max(...nights.values())).toBeLessThanOrEqual(units);
    expect(new Set(stays.map(({ externalReference }) => externalReference)).size).toBe(stays.length);
    expect(stays.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['departed', 'expected', 'cancelled']));
  });

  it('is fuller in season', () => {
    const { stays } = year(7);
    const arrivals = (month: string) => stays.filter(({ arrivesOn }) => arrivesOn.startsWith(month)).length;
    expect(arrivals('2025-08')).toBeGreaterThan(arrivals('2026-01'));
  });

  it('records nothing that has not happened, each thing once, and every amount in whole cents', () => {
    const { transactions } = year(7);
    expect(new Set(transactions.map(({ externalReference }) => externalReference)).size).toBe(transactions.length);
    for (const { amountCents, occurredAt } of transactions) {
      expect(Number.isInteger(amountCents) && amountCents > 0).toBe(true);
      expect(Date.parse(occurredAt)).toBeLessThanOrEqual(now.getTime());
    }
  });
});
