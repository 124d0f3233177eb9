import { parseOptions } from '@node-rs/argon2';
import { decoyHash, hashPassword, verifyPassword } from './password';

describe('password', () => {
  it('is kept as argon2id and recognized again', async () => {
    const hash = await hashPassword('a river runs by it');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(hash, 'a river runs by it')).toBe(true);
    expect(await verifyPassword(hash, 'a river runs by It')).toBe(false);
  });

  it('is the same in either normalization form', async () => {
    const hash = await hashPassword('caf\u00e9 no rio');
    expect(await verifyPassword(hash, 'cafe\u0301 no rio')).toBe(true);
  });

  it('costs the decoy as much as a real one', async () => {
    expect(parseOptions(decoyHash)).toEqual(parseOptions(await hashPassword('a river runs by it')));
    expect(await verifyPassword(decoyHash, 'a river runs by it')).toBe(false);
  });
});
