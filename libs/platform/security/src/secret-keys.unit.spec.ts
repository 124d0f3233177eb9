import { SecretKeys } from './secret-keys';

describe('secret keys', () => {
  const keys = new SecretKeys('a secret of the installation');

  it('are the same wherever the secret is, and differ by purpose', () => {
    expect(new SecretKeys('a secret of the installation').for('a')).toEqual(keys.for('a'));
    expect(keys.for('b')).not.toEqual(keys.for('a'));
    expect(new SecretKeys('another secret').for('a')).not.toEqual(keys.for('a'));
  });

  it('open what they sealed, for the same purpose and the same owner alone', () => {
    const sealed = keys.seal('p', 'user 1', Buffer.from('content'));
    expect(keys.open('p', 'user 1', sealed).toString()).toBe('content');
    expect(sealed.includes('content')).toBe(false);
    expect(() => keys.open('p', 'user 2', sealed)).toThrow();
    expect(() => keys.open('q', 'user 1', sealed)).toThrow();
    expect(() => new SecretKeys('other').open('p', 'user 1', sealed)).toThrow();
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    expect(() => keys.open('p', 'user 1', changed)).toThrow();
  });
});
