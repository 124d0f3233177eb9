import { arrivalInstants } from './arrival-instant';

const instant = (timeZone: string, businessDayStartsAt: string, arrivalOn: string): string =>
  arrivalInstants({ timeZone, businessDayStartsAt })(arrivalOn);

describe('the instant of an arrival', () => {
  it('is local noon', () => {
    expect(instant('Europe/Lisbon', '00:00', '2015-07-01')).toBe('2015-07-01T11:00:00.000Z');
    expect(instant('Europe/Lisbon', '05:00', '2015-12-01')).toBe('2015-12-01T12:00:00.000Z');
  });

  it('is local noon at the far ends of the world', () => {
    expect(instant('Pacific/Kiritimati', '00:00', '2016-01-01')).toBe('2015-12-31T22:00:00.000Z');
    expect(instant('Pacific/Pago_Pago', '00:00', '2016-01-01')).toBe('2016-01-01T23:00:00.000Z');
  });

  it('is local noon on the days on which clocks change', () => {
    expect(instant('Europe/Lisbon', '00:00', '2016-03-27')).toBe('2016-03-27T11:00:00.000Z');
    expect(instant('Europe/Lisbon', '00:00', '2016-10-30')).toBe('2016-10-30T12:00:00.000Z');
    expect(instant('America/Sao_Paulo', '00:00', '2015-10-18')).toBe('2015-10-18T14:00:00.000Z');
  });

  it('stays inside a business day that begins late', () => {
    expect(instant('Europe/Lisbon', '12:00', '2015-07-01')).toBe('2015-07-01T17:00:00.000Z');
    expect(instant('Europe/Lisbon', '07:30', '2015-07-01')).toBe('2015-07-01T12:30:00.000Z');
  });
});
