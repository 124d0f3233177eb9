import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { AccessTokens } from './access-token';
import { SimulatedCache, simulatedRuntime } from './worker-under-test';

const environment = { ORIGIN: 'http://origin.invalid' };
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the Worker asks about credentials', () => {
  const [first, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  let asked: string[];
  let keys: object[];
  let tokens: AccessTokens;
  const now = () => Date.now();
  const runtime = () => ({
    ...simulatedRuntime(new SimulatedCache()),
    fetch: async ({ url }: Request) => {
      asked.push(url);
      return Response.json({ keys });
    },
  });

  beforeEach(() => {
    asked = [];
    keys = [{ ...first.publicKey.export({ format: 'jwk' }), kid: 'first', alg: 'EdDSA' }];
    tokens = new AccessTokens();
  });

  const bearer = (claims: object = {}, head: object = {}, key: KeyObject = first.privateKey): string => {
    const payload = { iss: 'innkeep', aud: 'innkeep-api', exp: Math.floor(now() / 1_000) + 60, ...claims };
    const signed = `${encode({ alg: 'EdDSA', kid: 'first', typ: 'at+jwt', ...head })}.${encode(payload)}`;
    return `Bearer ${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  };
  const mayBeGood = (authorization: string) => tokens.mayBeGood(authorization, environment, runtime());

  it('that are signed by the API, whose keys it asks for once', async () => {
    expect(await mayBeGood(bearer())).toBe(true);
    expect(await mayBeGood(bearer({ sub: '7' }))).toBe(true);
    expect(asked).toEqual(['http://origin.invalid/.well-known/jwks.json']);
  });

  it('that are no token, which only the API can judge', async () => {
    expect(await mayBeGood('Bearer ik_live_1234')).toBe(true);
    expect(asked).toEqual([]);
  });

  it.each([
    ['are over', { exp: 1 }, {}],
    ['never end', { exp: undefined }, {}],
    ['are for somebody else', { aud: 'innkeep-operator' }, {}],
    ['are from somebody else', { iss: 'innkeeper' }, {}],
    ['are of another kind', {}, { typ: 'JWT' }],
    ['name no algorithm of ours', {}, { alg: 'none' }],
    ['name a key that is not there', {}, { kid: 'second' }],
  ])('but not when they %s', async (_how, claims, head) => {
    expect(await mayBeGood(bearer(claims, head))).toBe(false);
  });

  it('nor when they are signed by another, changed or no token at all', async () => {
    expect(await mayBeGood(bearer({}, {}, other.privateKey))).toBe(false);
    const [head, , signature] = bearer().split('.');
    expect(
      await mayBeGood(`${head}.${encode({ iss: 'innkeep', aud: 'innkeep-api', exp: 9e9, org: 2 })}.${signature}`),
    ).toBe(false);
    expect(await mayBeGood('Bearer e30.e30.e30')).toBe(false);
  });

  it('that are signed by a key which is new, once it has had time to look for it', async () => {
    expect(await mayBeGood(bearer())).toBe(true);
    keys.push({ ...other.publicKey.export({ format: 'jwk' }), kid: 'second', alg: 'EdDSA' });
    const renewed = bearer({}, { kid: 'second' }, other.privateKey);
    expect(await mayBeGood(renewed)).toBe(false);
    const later = { ...runtime(), now: () => Date.now() + 31_000 };
    expect(await tokens.mayBeGood(bearer({ exp: 9e9 }, { kid: 'second' }, other.privateKey), environment, later)).toBe(
      true,
    );
  });
});
