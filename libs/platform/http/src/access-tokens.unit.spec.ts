import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { Principal } from '@innkeep/contracts';
import { SignJWT, importJWK } from 'jose';
import { ACCESS_TOKEN_SECONDS, AccessTokens, partitionOf } from './access-tokens';

const makeKey = (kid: string) => ({
  ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  kid,
  alg: 'EdDSA',
});
const principal: Principal = {
  organizationId: 12,
  userId: 34,
  role: 'manager',
  properties: [7, 5],
  permissionEpoch: 2,
  sessionId: 's',
};
const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  const key = makeKey('first');
  let tokens: AccessTokens;
  beforeAll(async () => {
    tokens = await AccessTokens.fromJson(JSON.stringify([key]));
  });
  afterEach(() => jest.useRealTimers());

  const now = () => Math.floor(Date.now() / 1000);
  const claims = () => ({
    iss: 'innkeep',
    aud: 'innkeep-api',
    sub: '34',
    org: 12,
    role: 'manager',
    prop: '*',
    pep: 1,
    iat: now(),
    exp: now() + 60,
  });
  const header = { alg: 'EdDSA', kid: 'first', typ: 'at+jwt' };
  const signed = async (payload: object, protectedHeader: object = header, by = key) =>
    new SignJWT({ ...payload })
      .setProtectedHeader(protectedHeader as never)
      .sign(await importJWK(by as never, 'EdDSA'));
  const refusal = (token: string) =>
    tokens.verify(token).then(
      () => 'accepted',
      (error: { problem: { name: string } }) => error.problem.name,
    );

  it('bring back who they were issued to, until they end', async () => {
    const caller = await tokens.verify(await tokens.issue(principal));
    expect(caller).toMatchObject({ principal, partition: partitionOf(principal) });
    expect(Math.abs(caller.expiresAt - now() - ACCESS_TOKEN_SECONDS)).toBeLessThanOrEqual(1);
  });

  it('are accepted when made by hand as they are issued, so that what follows is refused for its own reason', async () => {
    expect(await refusal(await signed(claims()))).toBe('accepted');
  });

  it('are refused with no signature at all', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE'])
      expect(await refusal(`${base64({ ...header, alg })}.${base64(claims())}.`)).toBe('token-invalid');
  });

  it('are refused when signed with the public key as if it were a shared secret', async () => {
    const [published] = tokens.publicKeys.keys;
    const secrets = [JSON.stringify(published), published!.x!, Buffer.from(published!.x!, 'base64url')];
    for (const secret of secrets) {
      const signedPart = `${base64({ ...header, alg: 'HS256' })}.${base64(claims())}`;
      const signature = createHmac('sha256', secret).update(signedPart).digest('base64url');
      expect(await refusal(`${signedPart}.${signature}`)).toBe('token-invalid');
    }
  });

  it.each([
    ['the type of an id token', {}, { ...header, typ: 'JWT' }],
    ['no type', {}, { alg: 'EdDSA', kid: 'first' }],
    ['another audience', { aud: 'innkeep-operators' }, header],
    ['no audience', { aud: undefined }, header],
    ['another issuer', { iss: 'elsewhere' }, header],
    ['an unknown key id', {}, { ...header, kid: 'second' }],
    ['no user', { sub: undefined }, header],
    ['no organization', { org: undefined }, header],
    ['no end', { exp: undefined }, header],
    ['a role that does not exist', { role: 'system' }, header],
    ['the role of an operator', { role: 'operator' }, header],
    ['a beginning that is still to come', { nbf: Math.floor(Date.now() / 1000) + 3_600 }, header],
  ])('are refused with %s', async (_what, changes, protectedHeader) => {
    expect(await refusal(await signed({ ...claims(), ...changes }, protectedHeader))).toBe('token-invalid');
  });

  it('are refused when signed by a key of somebody else under our key’s id', async () => {
    expect(await refusal(await signed(claims(), header, makeKey('first')))).toBe('token-invalid');
  });

  it('that bring the key to check them with are not believed', async () => {
    const own = makeKey('first');
    const { d: _secret, ...jwk } = own;
    expect(await refusal(await signed(claims(), { ...header, jwk }, own))).toBe('token-invalid');
  });

  it('are refused after any change to what they say', async () => {
    const [head, , signature] = (await tokens.issue(principal)).split('.');
    expect(await refusal(`${head}.${base64({ ...claims(), org: 13 })}.${signature}`)).toBe('token-invalid');
    expect(await refusal(`${head}..${signature}`)).toBe('token-invalid');
    expect(await refusal('not a token')).toBe('token-invalid');
  });

  it('end, with a few seconds for clocks that differ', async () => {
    const token = await tokens.issue(principal);
    await tokens.verify(token);
    const later = (seconds: number) =>
      jest.useFakeTimers({
        now: Date.now() + seconds * 1000,
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
      });
    later(ACCESS_TOKEN_SECONDS + 2);
    expect(tokens.remembered(token)).toBeUndefined();
    expect(await refusal(token)).toBe('accepted');
    later(10);
    expect(await refusal(token)).toBe('token-expired');
  });

  it('are remembered once verified, and not before', async () => {
    const token = await tokens.issue({ ...principal, userId: 35 });
    expect(tokens.remembered(token)).toBeUndefined();
    const caller = await tokens.verify(token);
    expect(tokens.remembered(token)).toBe(caller);
    expect(tokens.remembered(`${token}x`)).toBeUndefined();
  });

  it('of an older key are good while that key is still among ours, and not afterwards', async () => {
    const token = await tokens.issue(principal);
    const newer = makeKey('newer');
    const rotated = await AccessTokens.fromJson(JSON.stringify([newer, key]));
    await expect(rotated.verify(token)).resolves.toMatchObject({ principal });
    const next = await rotated.issue(principal);
    expect(JSON.parse(Buffer.from(next.split('.')[0]!, 'base64url').toString())).toMatchObject({
      kid: 'newer',
      typ: 'at+jwt',
    });
    const without = await AccessTokens.fromJson(JSON.stringify([newer]));
    await expect(without.verify(token)).rejects.toMatchObject({ problem: { name: 'token-invalid' } });
  });

  it('are published with public keys only', () => {
    expect(tokens.publicKeys.keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: 'first', alg: 'EdDSA', use: 'sig' },
    ]);
  });

  it('cannot be made without a key', async () => {
    await expect(AccessTokens.fromJson('[]')).rejects.toThrow('no key');
  });
});

describe('a partition', () => {
  it('is shared by those who see the same, and by nobody else', () => {
    const colleague = { ...principal, userId: 99, sessionId: undefined, properties: [5, 7], permissionEpoch: 9 };
    expect(partitionOf(colleague)).toBe(partitionOf(principal));
    const others: Partial<Principal>[] = [
      { organizationId: 13 },
      { role: 'staff' },
      { properties: [5] },
      { properties: [57] },
      { properties: [] },
      { properties: 'all' },
    ];
    const partitions = others.map((other) => partitionOf({ ...principal, ...other }));
    expect(new Set([...partitions, partitionOf(principal)]).size).toBe(others.length + 1);
  });
});
