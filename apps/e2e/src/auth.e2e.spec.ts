import { SignJWT, type JWK, createLocalJWKSet, importJWK, jwtVerify } from 'jose';
import {
  ApiClient,
  InnkeepUnderTest,
  type Member,
  type Page,
  type SignedIn,
  newEmail,
  newSigningKey,
  password,
  signUp,
} from './system';

interface Me {
  readonly user: { readonly id: number; readonly email: string };
  readonly role: string;
  readonly properties: 'all' | readonly number[];
}

describe('sign-in', () => {
  const innkeep = new InnkeepUnderTest();
  let anybody: ApiClient;
  let owner: Member;

  beforeAll(async () => {
    anybody = innkeep.anybody;
    owner = await signUp(anybody);
  });

  const logIn = (email: string, word = password) => anybody.post('/v1/auth/login', { email, password: word });
  const refresh = (refreshToken: string) => anybody.post('/v1/auth/refresh', { refreshToken });
  const whoAmI = (token: string) => new ApiClient(innkeep.url, token).get('/v1/auth/me');

  describe('with a password', () => {
    it('gives tokens that tell who calls', async () => {
      const answer = await logIn(owner.email.toUpperCase());
      const session = answer.as<SignedIn>(200);
      expect(session).toEqual({
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: 900,
        organizationId: owner.organizationId,
        userId: owner.userId,
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const me = (await whoAmI(session.accessToken)).as<Me>(200);
      expect(me).toMatchObject({ user: { id: owner.userId, email: owner.email }, role: 'owner', properties: 'all' });
    });

    it('is refused alike for a wrong password and for an address that nobody has', async () => {
      const refusals = [await logIn(owner.email, 'another sentence'), await logIn(newEmail())];
      for (const refusal of refusals) {
        expect(refusal.expect(401).problem.code).toBe('invalid-credentials');
        expect(refusal.headers.get('www-authenticate')).toContain('Bearer');
      }
      const [one, other] = refusals.map(({ problem }) => ({ ...problem, requestId: '' }));
      expect(one).toEqual(other);
    });

    it('is made once for each address', async () => {
      const body = { organizationName: 'Another', name: 'Ana', email: ` ${owner.email.toUpperCase()}`, password };
      expect((await anybody.post('/v1/auth/signup', body)).expect(409).problem.code).toBe('email-already-registered');
      const email = newEmail();
      const signUps = await Promise.all(
        Array.from({ length: 5 }, () => anybody.post('/v1/auth/signup', { ...body, email })),
      );
      expect(signUps.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
      expect((await logIn(email)).status).toBe(200);
    });
  });

  describe('is carried on', () => {
    it('by refresh tokens that are used once, forgiving what happens at the same moment', async () => {
      const first = (await logIn(owner.email)).as<SignedIn>(200);
      const [second, parallel] = await Promise.all([refresh(first.refreshToken), refresh(first.refreshToken)]);
      const tokens = [second, parallel].map((answer) => answer.as<SignedIn>(200).refreshToken);
      expect(tokens[0]).not.toBe(first.refreshToken);
      expect(tokens[1]).toBe(tokens[0]);
      const third = (await refresh(tokens[0]!)).as<SignedIn>(200);
      expect((await whoAmI(third.accessToken)).status).toBe(200);
    });

    it('not by a token that is used again later, which ends the session for both who hold one', async () => {
      const first = (await logIn(owner.email)).as<SignedIn>(200);
      const other = (await logIn(owner.email)).as<SignedIn>(200);
      const second = (await refresh(first.refreshToken)).as<SignedIn>(200);
      await innkeep.database.asAdmin(
        `update identity.refresh_tokens set rotated_at = rotated_at - interval '1 minute'`,
      );
      expect((await refresh(first.refreshToken)).expect(401).problem.code).toBe('refresh-token-reused');
      expect((await refresh(second.refreshToken)).expect(401).problem.code).toBe('refresh-token-invalid');
      expect((await refresh(other.refreshToken)).status).toBe(200);
    });

    it('until it is ended', async () => {
      const session = (await logIn(owner.email)).as<SignedIn>(200);
      const client = new ApiClient(innkeep.url, session.accessToken);
      (await client.post('/v1/auth/logout')).expect(204);
      // Again, or too late: within seconds the access token is refused too.
      expect([204, 401]).toContain((await client.post('/v1/auth/logout')).status);
      expect((await refresh(session.refreshToken)).expect(401).problem.code).toBe('refresh-token-invalid');
    });

    it('not by a token that nobody was given', async () => {
      const genuine = Buffer.from(owner.session.refreshToken, 'base64url');
      const ofAnother = Buffer.from(genuine);
      ofAnother.writeBigUInt64BE(BigInt(owner.organizationId + 1));
      for (const token of ['x', genuine.fill(7, 8).toString('base64url'), ofAnother.toString('base64url')])
        expect((await refresh(token)).expect(401).problem.code).toBe('refresh-token-invalid');
    });
  });

  describe('by invitation', () => {
    it('makes a member of the role and the properties that the owner chose', async () => {
      const property = await owner.addProperty();
      const staff = await owner.invite('staff', [property.id]);
      const me = (await staff.get('/v1/auth/me')).as<Me>(200);
      expect(me).toMatchObject({ role: 'staff', properties: [property.id], user: { email: staff.email } });
      expect((await logIn(staff.email)).as<SignedIn>(200).organizationId).toBe(owner.organizationId);
    });

    it('happens once, with the latest invitation, and not when it has expired', async () => {
      const email = newEmail();
      const invite = async () =>
        (await owner.post('/v1/users/invitations', { email, role: 'auditor', propertyIds: null })).as<{
          token: string;
        }>(201);
      const accept = (token: string) => anybody.post(`/v1/auth/invitations/${token}`, { name: 'Rui', password });
      const [replaced, latest] = [await invite(), await invite()];
      expect((await accept(replaced.token)).expect(404).problem.code).toBe('not-found');
      await innkeep.database.asAdmin(
        `update identity.invitations set expires_at = now() - interval '1 second' where email = $1`,
        [email],
      );
      expect((await accept(latest.token)).expect(410).problem.code).toBe('invitation-expired');
      await innkeep.database.asAdmin(
        `update identity.invitations set expires_at = now() + interval '1 day' where email = $1`,
        [email],
      );
      const answers = await Promise.all([accept(latest.token), accept(latest.token)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const again = await owner.post('/v1/users/invitations', { email, role: 'staff', propertyIds: null });
      expect(again.expect(409).problem.code).toBe('email-already-registered');
    });

    it('does not happen when it was withdrawn: it is not listed, and leaves its place in the plan', async () => {
      const someone = await signUp(anybody);
      const usersOfPlan = async () => {
        const plan = (await someone.get('/v1/organization/plan')).as<{ users: { used: number } }>(200);
        return plan.users.used;
      };
      const listed = async () => {
        const answer = await someone.get('/v1/users/invitations');
        return answer.as<Page<{ id: string; email: string; isExpired: boolean }>>(200).data;
      };
      const email = newEmail();
      const invited = await someone.post('/v1/users/invitations', { email, role: 'staff', propertyIds: null });
      const { id, token } = invited.as<{ id: string; token: string }>(201);
      expect(await listed()).toMatchObject([{ id, email, role: 'staff', propertyIds: null, isExpired: false }]);
      expect((await someone.get('/v1/users/invitations')).text).not.toContain(token);
      expect(await usersOfPlan()).toBe(2);
      const path = `/v1/users/invitations/${id}/withdrawal`;
      expect((await owner.post(path)).expect(404).problem.code).toBe('not-found');
      expect((await owner.get('/v1/users/invitations')).text).not.toContain(email);
      (await someone.post(path)).expect(204);
      (await someone.post(path)).expect(404);
      expect([await listed(), await usersOfPlan()]).toEqual([[], 1]);
      const accept = (by: string) => anybody.post(`/v1/auth/invitations/${by}`, { name: 'Rui', password });
      expect((await accept(token)).expect(404).problem.code).toBe('not-found');
      const again = await someone.post('/v1/users/invitations', { email, role: 'staff', propertyIds: null });
      const accepted = again.as<{ id: string; token: string }>(201);
      (await accept(accepted.token)).expect(201);
      const late = await someone.post(`/v1/users/invitations/${accepted.id}/withdrawal`);
      expect(late.expect(409).problem.code).toBe('invitation-already-accepted');
      expect(await listed()).toEqual([]);
    });

    it('never leaves the token or the password in the database', async () => {
      const email = newEmail();
      const invited = await owner.post('/v1/users/invitations', { email, role: 'staff', propertyIds: null });
      const { token } = invited.as<{ token: string }>(201);
      (await anybody.post(`/v1/auth/invitations/${token}`, { name: 'Rui', password: `${password} ${email}` })).expect(
        201,
      );
      const kept = await innkeep.database.asAdmin<{ text: string }>(`
        select i::text as text from identity.invitations i union all select u::text from identity.users u
        union all select l::text from events.log l union all select r::text from http.idempotency_records r`);
      const everything = kept.map(({ text }) => text).join('\n');
      expect(everything).toContain(email);
      for (const secret of [token, `${password} ${email}`]) expect(everything.includes(secret)).toBe(false);
    });
  });

  describe('access tokens', () => {
    const published = async () => (await anybody.get('/.well-known/jwks.json')).as<{ keys: JWK[] }>(200);

    it('can be verified by anybody with the published keys, which hold nothing private', async () => {
      const keys = await published();
      expect(keys.keys).toHaveLength(1);
      expect(Object.keys(keys.keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      const { payload } = await jwtVerify(owner.session.accessToken, createLocalJWKSet(keys), { issuer: 'innkeep' });
      expect(payload).toMatchObject({ sub: String(owner.userId), org: owner.organizationId, role: 'owner' });
    });

    it('are refused when anything about them is wrong', async () => {
      const ours = innkeep.signingKeys[0]!;
      const publicKey = (await published()).keys[0]!;
      const [header, payload, signature] = owner.session.accessToken.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const genuine = await importJWK(ours, 'EdDSA');
      const stranger = await importJWK(newSigningKey('test-1'), 'EdDSA');
      const shared = await importJWK({ kty: 'oct', k: publicKey.x }, 'HS256');
      const sign = (change: Record<string, unknown>, head: Record<string, unknown> = {}, key = genuine) =>
        new SignJWT({ ...claims, ...change })
          .setProtectedHeader({ alg: 'EdDSA', kid: String(ours.kid), typ: 'at+jwt', ...head })
          .sign(key);
      const past = Math.floor(Date.now() / 1000) - 60;

      // The recipe itself is right: what is refused below is refused for what is changed in it.
      expect((await whoAmI(await sign({}))).status).toBe(200);
      const wrong: Record<string, string> = {
        'no algorithm': `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
        'no signature': `${header}.${payload}.`,
        'another payload': `${header}.${encode({ ...claims, org: owner.organizationId + 1 })}.${signature}`,
        'the public key as a shared secret': await sign({}, { alg: 'HS256' }, shared),
        'a key that is not ours': await sign({}, {}, stranger),
        'a key of its own in the header': await sign({}, { jwk: publicKey }, stranger),
        'an unknown key id': await sign({}, { kid: '../../dev/null' }, stranger),
        'another type': await sign({}, { typ: 'JWT' }),
        'another audience': await sign({ aud: 'somebody-else' }),
        'another issuer': await sign({ iss: 'somebody-else' }),
        'an unknown role': await sign({ role: 'operator' }),
        'no organization': await sign({ org: undefined }),
        'no end': await sign({ exp: undefined }),
        'four parts': `${owner.session.accessToken}.${signature}`,
        'the refresh token': owner.session.refreshToken,
      };
      for (const [what, token] of Object.entries(wrong)) {
        const answer = await whoAmI(token);
        expect([what, answer.status, answer.problem.code]).toEqual([what, 401, 'token-invalid']);
        expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
      }
      expect((await whoAmI(await sign({ exp: past }))).expect(401).problem.code).toBe('token-expired');
      for (const authorization of [
        '',
        'Bearer',
        'Basic YTpi',
        `Bearer ${owner.token}, Bearer x`,
        `Token ${owner.token}`,
      ]) {
        const answer = await anybody.get('/v1/auth/me', { authorization });
        expect([authorization, answer.status, answer.problem.code]).toEqual([
          authorization,
          401,
          'authentication-required',
        ]);
      }
    });

    it('stay valid when a new key is put in front, until the old one is taken away', async () => {
      const [older, newer] = [innkeep.signingKeys[0]!, newSigningKey('test-2')];
      const restart = async (...keys: unknown[]) => {
        await innkeep.api.stop();
        await innkeep.api.start({ SIGNING_KEYS: JSON.stringify(keys) });
      };
      await restart(newer, older);
      expect((await whoAmI(owner.session.accessToken)).status).toBe(200);
      const fresh = (await logIn(owner.email)).as<SignedIn>(200).accessToken;
      expect((await published()).keys.map(({ kid }) => kid)).toEqual(['test-2', 'test-1']);
      await restart(newer);
      expect((await whoAmI(fresh)).status).toBe(200);
      expect((await whoAmI(owner.session.accessToken)).expect(401).problem.code).toBe('token-invalid');
    });
  });
});
