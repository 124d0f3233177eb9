import { emailAddress, hashEmail } from './email';

describe('email', () => {
  it('has one hash, however it is typed', () => {
    const hash = hashEmail('ana@casas.example');
    expect(hashEmail('  Ana@Casas.Example ')).toEqual(hash);
    expect(hashEmail('\uff41na@casas.example')).toEqual(hash);
    expect(hashEmail('anna@casas.example')).not.toEqual(hash);
  });

  it('is normalized before it is checked', () => {
    expect(emailAddress.parse(' Ana@Casas.Example ')).toBe('ana@casas.example');
  });

  it.each(['', 'ana', 'ana@', '@casas.example', 'ana@casas example', `${'a'.repeat(250)}@casas.example`])(
    'refuses %p',
    (text) => expect(emailAddress.safeParse(text).success).toBe(false),
  );
});
