import { documentNumberFlaw } from './document-numbers';
import { identityInput, maskedNumber } from './identity';

const passport = { documentType: 'passport', number: 'l 898-902', nationality: 'UTO', expiresOn: '2031-05-01' };

describe('the numbers of documents', () => {
  it.each([
    ['passport', 'IND', 'J8369854'],
    ['passport', 'FRA', '12AB34567'],
    ['id-card', 'IND', '234123412346'],
    ['id-card', 'PRT', '000000000ZZ4'],
    ['id-card', 'ESP', '12345678Z'],
    ['residence-permit', 'ESP', 'X1234567L'],
    ['id-card', 'ITA', 'CA00000AA'],
  ] as const)('%s of %s: %s is one', (type, country, number) => {
    expect(documentNumberFlaw(type, country, number)).toBeUndefined();
  });

  it.each([
    ['passport', 'IND', '8369854J', 'a letter and seven digits'],
    ['passport', 'FRA', '1234567890', 'five to nine'],
    ['id-card', 'IND', '234123412364', 'mistyped'],
    ['id-card', 'PRT', '000000001ZZ4', 'mistyped'],
    ['id-card', 'ESP', '12345678A', 'mistyped'],
    ['residence-permit', 'ESP', 'Y1234567L', 'mistyped'],
  ] as const)('%s of %s: %s is none, it %s', (type, country, number, flaw) => {
    expect(documentNumberFlaw(type, country, number)).toContain(flaw);
  });

  it('are kept in one spelling, whatever they were written with', () => {
    expect(identityInput.parse({ ...passport, nationality: 'FRA' }).number).toBe('L898902');
  });

  it('belong to a country that there is', () => {
    expect(identityInput.safeParse(passport).error?.issues[0]?.path).toEqual(['nationality']);
  });

  it('of passports come with a day on which they end', () => {
    const { error } = identityInput.safeParse({ ...passport, nationality: 'FRA', expiresOn: undefined });
    expect(error?.issues[0]).toMatchObject({ path: ['expiresOn'], message: 'is needed of a passport' });
  });

  it('are shown by how they end', () => {
    expect(maskedNumber('L898902')).toBe('•••02');
  });
});
