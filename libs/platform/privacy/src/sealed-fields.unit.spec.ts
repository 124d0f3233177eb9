import { randomBytes } from 'node:crypto';
import { ERASED, isSealed, subjects, withhold } from '@innkeep/contracts';
import fc from 'fast-check';
import { type FieldPlace, openField, sealField, subjectName } from './sealed-fields';

const place: FieldPlace = {
  organizationId: 1000,
  subject: subjectName(subjects.user(5)),
  type: 'UserAdded',
  field: 'name',
};

describe('a sealed field', () => {
  const key = randomBytes(32);

  it('is the text again, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = sealField(key, place, text);
        expect(isSealed(JSON.parse(JSON.stringify(sealed)))).toBe(true);
        expect(openField(key, place, sealed)).toBe(text);
      }),
    );
  });

  it('is another each time, and never shows the text', () => {
    const [one, two] = [sealField(key, place, 'Ana Duarte'), sealField(key, place, 'Ana Duarte')];
    expect(one.box).not.toBe(two.box);
    expect(Buffer.from(one.box!, 'base64url').includes('Ana')).toBe(false);
  });

  it.each<[string, Partial<FieldPlace>]>([
    ['another organization', { organizationId: 1001 }],
    ['another subject', { subject: 'user:6' }],
    ['another event type', { type: 'UserRenamed' }],
    ['another field', { field: 'email' }],
  ])('does not open in %s', (_, other) => {
    const sealed = sealField(key, place, 'Ana Duarte');
    expect(() => openField(key, { ...place, ...other }, sealed)).toThrow();
  });

  it('does not open with another key, or changed', () => {
    const sealed = sealField(key, place, 'Ana Duarte');
    expect(() => openField(randomBytes(32), place, sealed)).toThrow();
    const box = Buffer.from(sealed.box!, 'base64url');
    box[box.length - 1]! ^= 1;
    expect(() => openField(key, place, { ...sealed, box: box.toString('base64url') })).toThrow();
  });

  it('reads as erased without its key, and holds nothing if there was none when it was written', () => {
    expect(openField(undefined, place, sealField(key, place, 'Ana Duarte'))).toBe(ERASED);
    const sealed = sealField(undefined, place, 'Ana Duarte');
    expect(sealed).toEqual({ sealedFor: 'user:5', box: null });
    expect(openField(key, place, sealed)).toBe(ERASED);
  });

  it('is withheld from whoever passes on what it sees, and nothing else is', () => {
    const data = { name: sealField(key, place, 'Ana Duarte'), role: 'staff', propertyIds: [1], limit: null };
    expect(withhold(data)).toEqual({ ...data, name: 'withheld' });
  });
});
