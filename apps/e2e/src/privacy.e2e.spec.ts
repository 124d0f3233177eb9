import { randomBytes } from 'node:crypto';
import { eventually, testMasterKeys } from '@innkeep/testing';
import { type Answer, InnkeepUnderTest, type Member, type Page, newEmail, password, signUp } from './system';
import { tablesWith } from './system/tables-with';
import { startTool } from './system/tools';

interface MemberView {
  readonly id: number;
  readonly name: string | null;
  readonly erasedAt: string | null;
}

interface UserView {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly status: string;
}

describe('personal data', () => {
  const innkeep = new InnkeepUnderTest();
  const name = `Rui ${randomBytes(6).toString('hex')}`;
  const email = newEmail();
  let owner: Member;
  let userId: number;
  let refreshToken: string;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    ({ userId, refreshToken } = await join(email, name));
  });

  const join = async (address: string, called: string) => {
    const invitation = { email: address, name: called, role: 'staff', propertyIds: null };
    const { token } = (await owner.post('/v1/users/invitations', invitation)).as<{ token: string }>(201);
    const accepted = await innkeep.anybody.post(`/v1/auth/invitations/${token}`, { name: called, password });
    return accepted.as<{ userId: number; refreshToken: string }>(201);
  };

  const memberNamed = async (answer: Promise<Answer>, id: number) =>
    (await answer).as<Page<MemberView>>(200).data.find((one) => one.id === id);
  const tool = async (...args: string[]) => startTool('projections', args, innkeep.adminEnvironment).ended;

  it('is in the log only sealed', async () => {
    await eventually(async () => expect(await tablesWith(innkeep, name)).toContain('identity.members'));
    const tables = ['identity.invitations', 'identity.members', 'identity.users', 'staff.people'];
    await eventually(async () => expect(await tablesWith(innkeep, name)).toEqual(tables));
    expect(await tablesWith(innkeep, email)).toEqual(['identity.invitations', 'identity.users']);
  });

  it('is opened for the list of members, which is paged', async () => {
    const first = (await owner.get('/v1/members?limit=1')).as<Page<MemberView>>(200);
    expect(first.data).toMatchObject([{ id: owner.userId, name: 'Ana Duarte', erasedAt: null }]);
    const next = await owner.get(`/v1/members?limit=1&cursor=${first.nextCursor}`);
    expect(next.as<Page<MemberView>>(200)).toMatchObject({ data: [{ id: userId, name }], nextCursor: null });
  });

  it('is not for a process without the master keys that are in use: it does not start', async () => {
    await innkeep.projector.stop();
    const other = testMasterKeys.replace('"tests"', '"another"');
    await expect(innkeep.projector.start({ MASTER_KEYS: other })).rejects.toThrow(/ended before it was ready/);
    expect(innkeep.projector.lines.join('\n')).toContain('MASTER_KEYS has no key with the id tests');
    await innkeep.projector.start();
  });

  describe('of a user who is erased', () => {
    let erased: Answer;
    const erase = (id: number) => owner.post(`/v1/users/${id}/erasure`);

    beforeAll(async () => {
      erased = (await erase(userId)).expect(200);
      await owner.getAfter(erased.position, '/v1/members');
    });

    it('is nowhere any more', async () => {
      expect(erased.json()).toEqual({ userId, erasedAt: expect.any(String) });
      expect(await tablesWith(innkeep, name)).toEqual([]);
      expect(await tablesWith(innkeep, email)).toEqual([]);
    });

    it('reads as erased, and the id stays', async () => {
      const member = await memberNamed(owner.get('/v1/members'), userId);
      expect(member).toMatchObject({ id: userId, name: 'erased', erasedAt: expect.any(String) });
      const users = (await owner.get('/v1/users')).as<Page<UserView>>(200).data;
      expect(users.find(({ id }) => id === userId)).toMatchObject({ name: 'erased', email: null, status: 'erased' });
    });

    it('signs nobody in', async () => {
      const signIn = await innkeep.anybody.post('/v1/auth/login', { email, password });
      expect(signIn.expect(401).problem.code).toBe('invalid-credentials');
      const refreshed = await innkeep.anybody.post('/v1/auth/refresh', { refreshToken });
      expect(refreshed.expect(401).problem.code).toBe('refresh-token-invalid');
    });

    it('comes back by no replay: verify finds no difference, a rebuild brings no name', async () => {
      expect(await tool('verify', 'identity_members')).toMatchObject({ code: 0 });
      expect(await tool('rebuild', 'identity_members')).toMatchObject({ code: 0 });
      expect(await tool('drop-before', 'identity_members')).toMatchObject({ code: 0 });
      expect(await memberNamed(owner.get('/v1/members'), userId)).toMatchObject({ name: 'erased' });
      expect(await memberNamed(owner.get('/v1/members'), owner.userId)).toMatchObject({ name: 'Ana Duarte' });
    });

    it('is erased once: the same request again changes nothing', async () => {
      const again = await erase(userId);
      expect(again.as(200)).toEqual(erased.json());
      expect(again.position).toBe(erased.position);
    });

    it('leaves the address free for whoever signs up with it next', async () => {
      const next = await join(email, 'Another person');
      expect(next.userId).not.toBe(userId);
    });

    it('also when the erasure was cut off before the directory heard of it', async () => {
      const address = newEmail();
      const { userId: id } = await join(address, 'Cut off');
      const [signIn] = await innkeep.database.asAdmin('select * from directory.sign_ins where user_id = $1', [id]);
      (await erase(id)).expect(200);
      await innkeep.database.asAdmin(
        'insert into directory.sign_ins select * from jsonb_populate_record(null::directory.sign_ins, $1::jsonb)',
        [JSON.stringify({ ...signIn, email_hash: `\\x${(signIn!.email_hash as Buffer).toString('hex')}` })],
      );
      expect((await innkeep.anybody.post('/v1/auth/login', { email: address, password })).status).toBe(401);
      expect(await innkeep.database.asAdmin('select from directory.sign_ins where user_id = $1', [id])).toEqual([]);
    });
  });

  it('takes rights, factors and tokens with it: the access token ends, and nobody changes an erased user', async () => {
    const leaving = await owner.invite('manager');
    (await leaving.get('/v1/properties')).expect(200);
    (await owner.post(`/v1/users/${leaving.userId}/erasure`)).expect(200);
    await eventually(async () => (await leaving.get('/v1/properties')).expect(401));
    expect((await owner.patch(`/v1/users/${leaving.userId}`, { status: 'active' })).status).toBe(404);
    for (const table of ['identity.one_time_tokens', 'identity.second_factors', 'identity.sessions'])
      expect(await innkeep.database.asAdmin(`select from ${table} where user_id = $1`, [leaving.userId])).toEqual([]);
  });

  it('of another organization is nobody’s: a stranger erases nothing and sees nothing', async () => {
    const stranger = await signUp(innkeep.anybody);
    const staff = await owner.invite('staff');
    expect((await stranger.post(`/v1/users/${staff.userId}/erasure`)).status).toBe(404);
    (await staff.get('/v1/properties')).expect(200);
    const seen = (await stranger.get('/v1/members')).as<Page<MemberView>>(200).data;
    expect(seen.every(({ id }) => id === stranger.userId)).toBe(true);
    const { nextCursor } = (await owner.get('/v1/members?limit=1')).as<Page<MemberView>>(200);
    expect((await stranger.get(`/v1/members?limit=1&cursor=${nextCursor}`)).problem.code).toBe('invalid-cursor');
  });

  it('leaves every organization an owner: of two who erase each other at once, one is left', async () => {
    const one = await signUp(innkeep.anybody);
    const other = await one.invite('owner');
    const answers = await Promise.all([
      one.post(`/v1/users/${other.userId}/erasure`),
      other.post(`/v1/users/${one.userId}/erasure`),
    ]);
    const refused = answers.find(({ status }) => status !== 200)!;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect([401, 409]).toContain(refused.status);
    const owners = await innkeep.database.asAdmin(
      `select from identity.users where organization_id = $1 and role = 'owner' and status = 'active'`,
      [one.organizationId],
    );
    expect(owners).toHaveLength(1);
  });

  it('of oneself is for somebody else to erase', async () => {
    const answer = await owner.post(`/v1/users/${owner.userId}/erasure`);
    expect(answer.expect(409).problem.code).toBe('cannot-erase-yourself');
  });
});
