import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePorts } from '@innkeep/testing';
import { ApiClient, newSigningKey } from '../system';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';
import { type Probe, type Row } from './row';
import { Forge, encode } from './forge';

const whoAmI = (place: Place, token: string) => new ApiClient(place.innkeep.url, token).get('/v1/auth/me');

/** A token with one thing wrong about it. */
const token = (what: string, make: (forge: Forge) => Promise<string> | string, code = 'token-invalid'): Probe => ({
  what,
  required: `401 ${code}, with WWW-Authenticate`,
  check: async (place) => {
    const answer = await whoAmI(place, await make(await Forge.of(place)));
    expectProblem(what, answer, 401, code);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  },
});

const authorization = (value: string | ((place: Place) => string)): Probe => ({
  what: `Authorization: ${typeof value === 'string' ? value.slice(0, 30) : 'two at once'}`,
  ask: (place) => place.anybody.get('/v1/auth/me', { authorization: typeof value === 'string' ? value : value(place) }),
  status: 401,
  code: 'authentication-required',
});

const past = () => Math.floor(Date.now() / 1000) - 60;
const nextYear = () => Math.floor(Date.now() / 1000) + 365 * 86_400;

/** A header that says where to get the key from: nobody goes there. */
const fetched: Probe = {
  what: 'keys to be fetched from an address in the header (jku, x5u)',
  required: '401 token-invalid, nothing fetched',
  check: async (place) => {
    let visits = 0;
    const forge = await Forge.of(place);
    const server = createServer((_request, response) => {
      visits++;
      response.end(JSON.stringify({ keys: [{ ...forge.strangerPublic, kid: forge.kid }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
      for (const head of [
        { jku: url },
        { x5u: url },
        { jku: url, kid: 'stranger' },
        { jku: url, jwk: forge.strangerPublic },
      ])
        expectProblem('jku', await whoAmI(place, await forge.sign({}, head, forge.stranger)), 401, 'token-invalid');
      expect(visits).toBe(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  },
};

const rotation: Probe = {
  what: 'a key put in front, and the old one taken away',
  required: 'valid as long as the key is there',
  check: async (place) => {
    const [older, newer] = [place.innkeep.signingKeys[0]!, newSigningKey('test-2')];
    const [port] = (await freePorts(1)) as [number];
    const start = (...keys: unknown[]) =>
      place.innkeep.startAnotherApi({ SIGNING_KEYS: JSON.stringify(keys), OPERATOR_PORT: String(port) });
    const whoAmIAt = (url: string) => new ApiClient(url, place.owner.token).get('/v1/auth/me');
    const both = await start(newer, older);
    (await whoAmIAt(both.url)).expect(200);
    await both.stop();
    const one = await start(newer);
    expectProblem('taken away', await whoAmIAt(one.url), 401, 'token-invalid');
    await one.stop();
  },
};

/** B50, B51: access tokens that were forged. */
export const tokens: readonly Row[] = [
  {
    id: 'B50',
    what: 'access tokens that are forged, meant for others or over',
    probes: [
      {
        what: 'the recipe with nothing wrong in it',
        required: '200',
        check: async (place) => {
          const forge = await Forge.of(place);
          (await whoAmI(place, await forge.sign({}))).expect(200);
        },
      },
      ...['none', 'None', 'NONE', 'nOnE'].map((alg) =>
        token(`alg ${alg}`, ({ payload }) => `${encode({ alg, typ: 'at+jwt' })}.${payload}.`),
      ),
      token('no signature', ({ header, payload }) => `${header}.${payload}.`),
      token('another payload', (forge) =>
        [forge.header, encode({ ...forge.claims, org: forge.organizationId + 1 }), forge.signature].join('.'),
      ),
      token('a bit of the signature', (forge) => {
        const bytes = Buffer.from(forge.signature, 'base64url');
        bytes[9]! ^= 1;
        return `${forge.header}.${forge.payload}.${bytes.toString('base64url')}`;
      }),
      token('the public key as a shared secret', (forge) => forge.sign({}, { alg: 'HS256' }, forge.shared)),
      token('a key that is not ours', (forge) => forge.sign({}, {}, forge.stranger)),
      token('another type', (forge) => forge.sign({}, { typ: 'JWT' })),
      token('no type', (forge) => forge.sign({}, { typ: undefined })),
      token('another audience', (forge) => forge.sign({ aud: 'somebody-else' })),
      token('another issuer', (forge) => forge.sign({ iss: 'somebody-else' })),
      token('an audience among others’', (forge) => forge.sign({ aud: ['innkeep-operator', 'x'] })),
      token('an operator’s', (forge) => forge.sign({ aud: 'innkeep-operator' })),
      token('an unknown role', (forge) => forge.sign({ role: 'operator' })),
      token('no organization', (forge) => forge.sign({ org: undefined })),
      token('no end', (forge) => forge.sign({ exp: undefined })),
      token('an end that is text', (forge) => forge.sign({ exp: String(nextYear()) })),
      token('not yet begun', (forge) => forge.sign({ nbf: nextYear() })),
      token('something critical that nobody knows', (forge) => forge.signRaw({ crit: ['b64x'], b64x: 1 })),
      token('four parts', (forge) => `${forge.token}.${forge.signature}`),
      token('a payload that is no JSON', (forge) => forge.signRaw({}, 'hello')),
      token('the refresh token', (forge) => forge.refreshToken),
      token('over', (forge) => forge.sign({ exp: past() }), 'token-expired'),
      ...['ink_', `ink_${'0'.repeat(42)}`, 'x'.repeat(5_000)].map((text) =>
        token(`${text.slice(0, 8)} of nobody`, () => text),
      ),
      authorization(''),
      authorization('Bearer'),
      authorization('Bearer a b'),
      authorization('Bearer \xe9'),
      authorization('Basic YTpi'),
      authorization('null'),
      authorization((place) => `Bearer ${place.owner.token}, Bearer x`),
    ],
  },
  {
    id: 'B51',
    what: 'key ids and keys that a token brings along',
    probes: [
      ...['../../dev/null', "' or 1=1 --", 'x'.repeat(8_000), '', 'test-2', '__proto__'].map((kid) =>
        token(`kid ${kid.slice(0, 20)}`, (forge) => forge.sign({}, { kid }, forge.stranger)),
      ),
      token('its own key (jwk)', (forge) => forge.sign({}, { jwk: forge.strangerPublic }, forge.stranger)),
      token('its own chain (x5c)', (forge) => forge.sign({}, { x5c: ['MIIB'] }, forge.stranger)),
      fetched,
      rotation,
    ],
  },
];
