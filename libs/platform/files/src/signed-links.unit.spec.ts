import { SecretKeys } from '@innkeep/platform/security';
import { SignedLinks } from './signed-links';

describe('a signed link', () => {
  const links = new SignedLinks(new SecretKeys('a secret of this installation, long enough'));
  const expiresAt = new Date('2026-03-10T12:00:00Z');
  const before = new Date('2026-03-10T11:59:59Z');

  it('says what was signed, until its end', async () => {
    const token = await links.sign('documents', { id: 'one', organizationId: 7 }, expiresAt);
    expect(await links.sign('documents', { id: 'one', organizationId: 7 }, expiresAt)).toBe(token);
    expect(await links.verify('documents', token, before)).toMatchObject({ id: 'one', organizationId: 7 });
    expect(await links.verify('documents', token, new Date('2026-03-10T12:00:01Z'))).toBeUndefined();
  });

  it('is good for its purpose alone, and with its own key alone', async () => {
    const token = await links.sign('documents', { id: 'one' }, expiresAt);
    expect(await links.verify('exports', token, before)).toBeUndefined();
    const others = new SignedLinks(new SecretKeys('the secret of another installation here'));
    expect(await others.verify('documents', token, before)).toBeUndefined();
  });

  it('is one text: whatever is altered in it is refused', async () => {
    const token = await links.sign('documents', { id: 'one' }, expiresAt);
    for (let at = 0; at < token.length; at++) {
      const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect([altered, await links.verify('documents', altered, before)]).toEqual([altered, undefined]);
    }
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;
    for (const other of [none, '', '.', '..', token.slice(0, -1), `${token}=`, `${token}.x`])
      expect(await links.verify('documents', other, before)).toBeUndefined();
  });
});
