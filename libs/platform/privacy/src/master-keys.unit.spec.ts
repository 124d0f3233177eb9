import { randomBytes } from 'node:crypto';
import { MasterKeyError, MasterKeys } from './master-keys';

const jwk = (kid: string, bytes = 32) => ({ kty: 'oct', kid, k: randomBytes(bytes).toString('base64url') });
const keysOf = (...keys: object[]) => MasterKeys.fromJson(JSON.stringify(keys));

describe('master keys', () => {
  const [old, next] = [jwk('old'), jwk('next')];
  const owner = { organizationId: 1000, subject: 'user:5' };
  const key = randomBytes(32);

  it('wrap by the first and unwrap by any, so that one can follow another', () => {
    const wrapped = keysOf(old).wrap(owner, key);
    expect(wrapped.masterKey).toBe('old');
    expect(wrapped.wrapped.includes(key)).toBe(false);
    const both = keysOf(next, old);
    expect(both.unwrap(owner, wrapped)).toEqual(key);
    expect(both.wrap(owner, key).masterKey).toBe('next');
  });

  it('open a key for its owner alone', () => {
    const wrapped = keysOf(old).wrap(owner, key);
    expect(() => keysOf(old).unwrap({ ...owner, subject: 'user:6' }, wrapped)).toThrow();
    expect(() => keysOf(old).unwrap({ ...owner, organizationId: 1001 }, wrapped)).toThrow();
    expect(() => keysOf(jwk('old')).unwrap(owner, wrapped)).toThrow();
  });

  it('say which one is missing, as a fault of the configuration', () => {
    const wrapped = keysOf(old).wrap(owner, key);
    expect(() => keysOf(next).unwrap(owner, wrapped)).toThrow(new MasterKeyError(expectedMissing('old')));
  });

  it('are recognized by a fingerprint that another key does not have', () => {
    expect(keysOf(old).fingerprint('old')).toEqual(keysOf(next, old).fingerprint('old'));
    expect(keysOf(jwk('old')).fingerprint('old')).not.toEqual(keysOf(old).fingerprint('old'));
  });

  it.each([
    ['no JSON', 'keys'],
    ['no key', '[]'],
    ['a short key', JSON.stringify([jwk('a', 16)])],
    ['a key of another kind', JSON.stringify([{ ...jwk('a'), kty: 'OKP' }])],
    ['two keys by one name', JSON.stringify([jwk('a'), jwk('a')])],
  ])('refuse %s without showing what was given', (_, text) => {
    expect(() => MasterKeys.fromJson(text)).toThrow(MasterKeyError);
    const secret = /"k":"([^"]+)"/.exec(text)?.[1];
    if (secret) expect(() => MasterKeys.fromJson(text)).not.toThrow(secret);
  });
});

const expectedMissing = (id: string) => `MASTER_KEYS has no key with the id ${id}, which wraps keys of subjects`;
