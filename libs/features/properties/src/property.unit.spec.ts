import { businessDayStartsAt, changeProperty, currency, timeZone } from './property';

const lisbon = { id: 1, name: 'Casa', timeZone: 'Europe/Lisbon', currency: 'EUR', businessDayStartsAt: '00:00' };

describe('property', () => {
  it('changes only what is asked for', () => {
    expect(changeProperty(lisbon, { name: 'Casa Nova' })).toEqual({ ...lisbon, name: 'Casa Nova' });
  });

  it('knows when nothing changes', () => {
    expect(changeProperty(lisbon, { name: 'Casa' })).toBeUndefined();
  });

  it.each(['Europe/Lisbon', 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC'])('accepts the zone %s', (name) => {
    expect(timeZone.safeParse(name).success).toBe(true);
  });

  it.each(['Mars/Olympus', '', '+05:30', 'Europe/Lisbon; drop'])('refuses the zone %p', (name) => {
    expect(timeZone.safeParse(name).success).toBe(false);
  });

  it('takes currencies in capitals only', () => {
    expect(currency.safeParse('EUR').success).toBe(true);
    expect(currency.safeParse('eur').success).toBe(false);
    expect(currency.safeParse('ZZZ').success).toBe(false);
  });

  it('lets the business day begin before noon only', () => {
    expect(businessDayStartsAt.safeParse('04:30').success).toBe(true);
    expect(businessDayStartsAt.safeParse('12:00').success).toBe(false);
  });
});
