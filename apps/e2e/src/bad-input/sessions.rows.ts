import { eventually } from '@innkeep/testing';
import { ApiClient, type Member, type SignedIn, password, signUp } from '../system';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';
import { type Probe, type Row } from './row';

const logIn = async ({ anybody, owner }: Place) =>
  (await anybody.post('/v1/auth/login', { email: owner.email, password })).as<SignedIn>(200);
const refresh = ({ anybody }: Place, refreshToken: string) => anybody.post('/v1/auth/refresh', { refreshToken });

/** Whoever had rights is out soon after they were taken away; how soon is not asked. */
const takenAway = (what: string, take: (place: Place, member: Member, owner: Member) => Promise<unknown>): Probe => ({
  what,
  required: '401, soon after',
  check: async (place) => {
    const owner = await signUp(place.anybody);
    const member = await owner.invite('manager');
    (await member.get('/v1/properties')).expect(200);
    await take(place, member, owner);
    await eventually(async () => (await member.get('/v1/properties')).expect(401));
  },
});
const changed = (what: string, change: Record<string, unknown>) =>
  takenAway(what, async (_place, member, owner) =>
    (await owner.patch(`/v1/users/${member.userId}`, change)).expect(200),
  );

const revokedKey: Probe = {
  what: 'an API key that was revoked',
  required: '401, soon after',
  check: async (place) => {
    const body = { name: 'Reader', role: 'auditor', scopes: ['properties:read'], propertyIds: null };
    const { id, key } = (await place.owner.post('/v1/api-keys', body)).as<{ id: string; key: string }>(201);
    const reader = new ApiClient(place.innkeep.url, key);
    (await reader.get('/v1/properties')).expect(200);
    (await place.owner.delete(`/v1/api-keys/${id}`)).expect(204);
    await eventually(async () => (await reader.get('/v1/properties')).expect(401));
  },
};

const parallel: Probe = {
  what: 'five tabs that refresh at the same moment',
  required: '200 for each, one successor',
  check: async (place) => {
    const first = await logIn(place);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(place, first.refreshToken)));
    const sessions = answers.map((answer) => answer.as<SignedIn>(200));
    for (const { accessToken } of sessions)
      (await new ApiClient(place.innkeep.url, accessToken).get('/v1/auth/me')).expect(200);
    expect(new Set(sessions.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    (await refresh(place, sessions[0]!.refreshToken)).expect(200);
  },
};

const stolen: Probe = {
  what: 'one used again later',
  required: '401 refresh-token-reused, the session over',
  check: async (place) => {
    const first = await logIn(place);
    const second = (await refresh(place, first.refreshToken)).as<SignedIn>(200);
    await place.innkeep.database.asAdmin(
      `update identity.refresh_tokens set rotated_at = rotated_at - interval '1 minute'`,
    );
    expectProblem('thief', await refresh(place, first.refreshToken), 401, 'refresh-token-reused');
    expectProblem('victim', await refresh(place, second.refreshToken), 401, 'refresh-token-invalid');
  },
};

const madeUp = (what: string, change: (genuine: Buffer, place: Place) => string): Probe => ({
  what,
  ask: (place) => refresh(place, change(Buffer.from(place.owner.session.refreshToken, 'base64url'), place)),
  status: 401,
  code: 'refresh-token-invalid',
});

/** B52, B53: rights that were taken away, and refresh tokens that were stolen or used up. */
export const sessions: readonly Row[] = [
  {
    id: 'B52',
    what: 'rights that were taken away, with a token from before',
    probes: [
      changed('a lower role', { role: 'auditor' }),
      takenAway('fewer properties', async (_place, member, owner) => {
        const { id } = await owner.addProperty();
        (await owner.patch(`/v1/users/${member.userId}`, { propertyIds: [id] })).expect(200);
      }),
      changed('a suspended user', { status: 'suspended' }),
      takenAway('a session that was ended', async (_place, member) =>
        (await member.post('/v1/auth/logout')).expect(204),
      ),
      takenAway('an organization that was suspended', async ({ operator }, _member, { organizationId }) => {
        const body = { status: 'suspended', reason: 'Of the catalogue' };
        (await operator.put(`/v1/system/organizations/${organizationId}/status`, body)).expect(200);
      }),
      takenAway('an organization that was closed', async (_place, _member, owner) =>
        (await owner.post('/v1/organization/closure', { password })).expect(204),
      ),
      revokedKey,
    ],
  },
  {
    id: 'B53',
    what: 'refresh tokens used twice, by several, or made up',
    probes: [
      parallel,
      stolen,
      madeUp('made up', () => 'x'),
      madeUp('of nobody', (genuine) => genuine.fill(7, 8).toString('base64url')),
      madeUp('of another organization', (genuine, { stranger }) => {
        genuine.writeBigUInt64BE(BigInt(stranger.organizationId));
        return genuine.toString('base64url');
      }),
      madeUp('an access token', (_genuine, { owner }) => owner.token!.slice(0, 200)),
    ],
  },
];
