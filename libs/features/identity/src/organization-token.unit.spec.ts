import fc from 'fast-check';
import { newOrganizationToken, readOrganizationToken, successorOf } from './organization-token';

describe('organization token', () => {
  it('tells its organization and the hash that it is found by', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (organizationId) => {
        const { token, hash } = newOrganizationToken(organizationId);
        expect(readOrganizationToken(token)).toEqual({ organizationId, hash });
      }),
    );
  });

  it('is never the same twice', () => {
    expect(newOrganizationToken(1000).token).not.toBe(newOrganizationToken(1000).token);
  });

  it('has one successor, which only the key can tell', () => {
    const first = newOrganizationToken(1000);
    const key = Buffer.alloc(32, 1);
    const successor = successorOf(first, key);
    expect(successorOf(readOrganizationToken(first.token)!, key)).toEqual(successor);
    expect(readOrganizationToken(successor.token)).toEqual({ organizationId: 1000, hash: successor.hash });
    expect(successorOf(first, Buffer.alloc(32, 2)).token).not.toBe(successor.token);
    expect(successorOf(newOrganizationToken(1000), key).token).not.toBe(successor.token);
  });

  it('finds nothing when its organization is changed', () => {
    const { token, hash } = newOrganizationToken(1000);
    const bytes = Buffer.from(token, 'base64url');
    bytes.writeBigUInt64BE(1001n);
    const changed = readOrganizationToken(bytes.toString('base64url'));
    expect(changed?.organizationId).toBe(1001);
    expect(changed?.hash).not.toEqual(hash);
  });

  it('refuses whatever cannot be one', () => {
    fc.assert(fc.property(fc.string(), (text) => readOrganizationToken(text) === undefined));
    expect(readOrganizationToken('A'.repeat(54))).toBeUndefined();
    expect(readOrganizationToken('_'.repeat(54))).toBeUndefined();
  });
});
