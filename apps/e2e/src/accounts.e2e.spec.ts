import { eventually } from '@innkeep/testing';
import { ApiClient, InnkeepUnderTest, type Member, type SignedIn, newEmail, password, signUp } from './system';
import { mailTo, receivedMails, tokenIn } from './system/mailbox';

const better = 'the other river runs by';

describe('accounts', () => {
  const innkeep = new InnkeepUnderTest();
  let anybody: ApiClient;
  beforeAll(() => {
    anybody = innkeep.anybody;
  });

  const logIn = (email: string, word = password, headers: Record<string, string> = {}) =>
    anybody.send('POST', '/v1/auth/login', { body: { email, password: word }, headers });
  const clientOf = ({ accessToken }: SignedIn) => new ApiClient(innkeep.url, accessToken);
  const refresh = (refreshToken: string) => anybody.post('/v1/auth/refresh', { refreshToken });
  /** Whether an access token still opens something. */
  const isLive = async (session: SignedIn) => (await clientOf(session).get('/v1/auth/me')).status === 200;
  const ends = (session: SignedIn) => eventually(async () => expect(await isLive(session)).toBe(false));

  describe('with a password that was forgotten', () => {
    const ask = (email: string) => anybody.post('/v1/auth/password-resets', { email });
    const choose = (token: string, word = better) =>
      anybody.post(`/v1/auth/password-resets/${token}`, { password: word });

    it('get a new one by a mail, and all sessions end', async () => {
      const owner = await signUp(anybody);
      (await ask(owner.email)).expect(202);
      const token = tokenIn(await mailTo(innkeep, owner.email, 'new password'));
      (await choose(token)).expect(204);
      expect((await logIn(owner.email)).expect(401).problem.code).toBe('invalid-credentials');
      expect((await logIn(owner.email, better)).status).toBe(200);
      expect((await refresh(owner.session.refreshToken)).expect(401).problem.code).toBe('refresh-token-invalid');
      await ends(owner.session);
      await mailTo(innkeep, owner.email, 'was changed');
      // Whoever reads the mail owns the address.
      const again = clientOf((await logIn(owner.email, better)).as<SignedIn>(200));
      expect((await again.get('/v1/auth/me')).json()).toMatchObject({ user: { isEmailVerified: true } });
    });

    it('get an answer that does not tell whether the address is known', async () => {
      const owner = await signUp(anybody);
      const [known, unknown] = [await ask(owner.email), await ask(newEmail())];
      expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
      await mailTo(innkeep, owner.email, 'new password');
      await eventually(async () =>
        expect(await innkeep.database.asAdmin('select kind from directory.mail_asks')).toEqual([]),
      );
    });

    it('use a token once, also when it is used twice at once', async () => {
      const owner = await signUp(anybody);
      await ask(owner.email);
      const token = tokenIn(await mailTo(innkeep, owner.email, 'new password'));
      const answers = await Promise.all([choose(token), choose(token, `${better} again`)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 410]);
      expect((await choose(token)).expect(410).problem.code).toBe('one-time-token-invalid');
    });

    it('cannot use a token that has expired, was made up, or is for something else', async () => {
      const owner = await signUp(anybody);
      await ask(owner.email);
      const token = tokenIn(await mailTo(innkeep, owner.email, 'new password'));
      await innkeep.database.asAdmin(
        `update identity.one_time_tokens set expires_at = now() - interval '1 second' where user_id = $1 and kind = 'password-reset'`,
        [owner.userId],
      );
      const verification = tokenIn(await mailTo(innkeep, owner.email, 'Confirm'));
      const ofAnother = Buffer.from(verification, 'base64url');
      ofAnother.writeBigUInt64BE(999_999_999n);
      for (const wrong of [token, 'x', verification, ofAnother.toString('base64url'), owner.session.refreshToken])
        expect((await choose(wrong)).expect(410).problem.code).toBe('one-time-token-invalid');
      expect((await logIn(owner.email)).status).toBe(200);
    });

    it('refuse a password that is tried first', async () => {
      const [refusal] = [await choose('x', 'Password2026!')];
      expect(refusal.expect(400).problem.errors).toEqual([
        { pointer: '/password', detail: 'is among the passwords that are tried first' },
      ]);
    });

    it('are not sent more than a few mails at once', async () => {
      const owner = await signUp(anybody);
      for (let n = 1; n <= 5; n++) {
        await ask(owner.email);
        await mailTo(innkeep, owner.email, 'new password', n);
      }
      await ask(owner.email);
      await eventually(async () => {
        const waiting = `select 1 from directory.mail_asks union all select 1 from mail.asks where kind = 'password-reset'`;
        expect(await innkeep.database.asAdmin(waiting)).toEqual([]);
      });
      const sent = (await receivedMails(innkeep)).filter(
        ({ to, subject }) => to === owner.email && /new/.test(subject),
      );
      expect(sent).toHaveLength(5);
    });
  });

  it('lose no mail when Redis is emptied or the worker is killed', async () => {
    const owner = await signUp(anybody);
    await mailTo(innkeep, owner.email, 'Confirm');
    await innkeep.worker.kill();
    await anybody.post('/v1/auth/password-resets', { email: owner.email });
    await innkeep.flushRedis();
    await innkeep.worker.start();
    const token = tokenIn(await mailTo(innkeep, owner.email, 'new password'));
    (await anybody.post(`/v1/auth/password-resets/${token}`, { password: better })).expect(204);
  });

  it('prove their address by the mail that greets them', async () => {
    const owner = await signUp(anybody);
    const first = tokenIn(await mailTo(innkeep, owner.email, 'Confirm'));
    const me = async () => (await owner.get('/v1/auth/me')).as<{ user: { isEmailVerified: boolean } }>(200).user;
    expect(await me()).toMatchObject({ isEmailVerified: false });
    (await owner.post('/v1/auth/email-verifications')).expect(202);
    const second = tokenIn(await mailTo(innkeep, owner.email, 'Confirm', 2));
    (await anybody.post(`/v1/auth/email-verifications/${first}`)).expect(204);
    expect(await me()).toMatchObject({ isEmailVerified: true });
    expect((await anybody.post(`/v1/auth/email-verifications/${second}`)).status).toBe(410);
  });

  it('change their password, and stay signed in only where they did', async () => {
    const owner = await signUp(anybody);
    const other = (await logIn(owner.email)).as<SignedIn>(200);
    const change = (currentPassword: string) =>
      owner.put('/v1/auth/password', { currentPassword, newPassword: better });
    expect((await change('not this one')).expect(403).problem.code).toBe('password-wrong');
    (await change(password)).expect(204);
    await ends(other);
    expect((await refresh(other.refreshToken)).status).toBe(401);
    expect((await refresh(owner.session.refreshToken)).status).toBe(200);
    expect(await isLive(owner.session)).toBe(true);
    expect((await logIn(owner.email, better)).status).toBe(200);
  });

  describe('see their sessions', () => {
    interface Session {
      readonly id: string;
      readonly userAgent: string | null;
      readonly isCurrent: boolean;
    }
    const sessionsOf = async (client: ApiClient) =>
      (await client.get('/v1/auth/sessions')).as<{ data: Session[]; nextCursor: string | null }>(200).data;

    it('with what the device says of itself, page by page, and nobody else’s', async () => {
      const owner = await signUp(anybody);
      const phone = clientOf(
        (await logIn(owner.email, password, { 'user-agent': 'Phone/1.0 (a phone)' })).as<SignedIn>(200),
      );
      expect(await sessionsOf(phone)).toMatchObject([
        { userAgent: 'Phone/1.0 (a phone)', isCurrent: true, lastUsedAt: expect.stringMatching(/Z$/) },
        { isCurrent: false },
      ]);
      const page = (await owner.get('/v1/auth/sessions?limit=1')).as<{ data: Session[]; nextCursor: string }>(200);
      const next = (await owner.get(`/v1/auth/sessions?limit=1&cursor=${page.nextCursor}`)).as<{ data: Session[] }>(
        200,
      );
      expect(next.data).toMatchObject([{ isCurrent: true }]);
      const staff = await owner.invite('staff');
      expect(await sessionsOf(staff)).toHaveLength(1);
    });

    it('and end them: one, or all others', async () => {
      const owner = await signUp(anybody);
      const sessions = await Promise.all([1, 2, 3].map(async () => (await logIn(owner.email)).as<SignedIn>(200)));
      const before = await sessionsOf(owner);
      expect(before).toHaveLength(4);
      const victim = before.find(({ isCurrent }) => !isCurrent)!;
      (await owner.delete(`/v1/auth/sessions/${victim.id}`)).expect(204);
      (await owner.delete(`/v1/auth/sessions/${victim.id}`)).expect(404);
      expect(await sessionsOf(owner)).toHaveLength(3);
      (await owner.delete('/v1/auth/sessions')).expect(204);
      expect(await sessionsOf(owner)).toMatchObject([{ isCurrent: true }]);
      for (const session of sessions) await ends(session);
      expect(await isLive(owner.session)).toBe(true);
    });
  });

  describe('are what their owner makes of them', () => {
    let owner: Member;
    beforeAll(async () => {
      owner = await signUp(anybody);
    });
    const change = (id: number, changes: Record<string, unknown>, headers?: Record<string, string>) =>
      owner.patch(`/v1/users/${id}`, changes, headers);

    it('soon, whatever their access token says: it has to be refreshed', async () => {
      const manager = await owner.invite('manager');
      const answer = await change(manager.userId, { role: 'staff' });
      expect(answer.as(200)).toEqual({ id: manager.userId, role: 'staff', status: 'active', properties: 'all' });
      await eventually(async () =>
        expect((await manager.get('/v1/auth/me')).expect(401).problem.code).toBe('token-expired'),
      );
      const session = (await refresh(manager.session.refreshToken)).as<SignedIn>(200);
      expect((await clientOf(session).get('/v1/auth/me')).json()).toMatchObject({ role: 'staff' });
      expect((await clientOf(session).get('/v1/users')).status).toBe(403);
    });

    it('for the properties they look after', async () => {
      const [here, there] = [await owner.addProperty(), await owner.addProperty()];
      const staff = await owner.invite('staff', [here.id]);
      await change(staff.userId, { propertyIds: [there.id] });
      await ends(staff.session);
      const session = (await refresh(staff.session.refreshToken)).as<SignedIn>(200);
      expect((await clientOf(session).get('/v1/auth/me')).json()).toMatchObject({ properties: [there.id] });
      const unknown = await change(staff.userId, { propertyIds: [999_999_999] });
      expect(unknown.expect(422).problem.code).toBe('property-unknown');
    });

    it('and signed out everywhere when suspended', async () => {
      const staff = await owner.invite('staff');
      (await change(staff.userId, { status: 'suspended' })).expect(200);
      await ends(staff.session);
      expect((await refresh(staff.session.refreshToken)).expect(401).problem.code).toBe('refresh-token-invalid');
      expect((await logIn(staff.email)).expect(401).problem.code).toBe('invalid-credentials');
      (await change(staff.userId, { status: 'active' })).expect(200);
      expect((await logIn(staff.email)).status).toBe(200);
    });

    it('but never so that no owner is left', async () => {
      const refusals = [{ role: 'manager' }, { status: 'suspended' }];
      for (const changes of refusals)
        expect((await change(owner.userId, changes)).expect(409).problem.code).toBe('last-owner');
      const second = await owner.invite('owner');
      const [one, other] = await Promise.all([
        change(owner.userId, { role: 'manager' }),
        second.patch(`/v1/users/${second.userId}`, { role: 'manager' }),
      ]);
      expect([one.status, other.status].sort()).toEqual([200, 409]);
    });
  });

  it('that sign out are out, access tokens included', async () => {
    const owner = await signUp(anybody);
    (await owner.post('/v1/auth/logout')).expect(204);
    await eventually(async () =>
      expect((await owner.get('/v1/auth/me')).expect(401).problem.code).toBe('token-invalid'),
    );
  });

  it('leave no address, password or token where it does not belong', async () => {
    const owner = await signUp(anybody);
    await anybody.post('/v1/auth/password-resets', { email: owner.email });
    const token = tokenIn(await mailTo(innkeep, owner.email, 'new password'));
    (await anybody.post(`/v1/auth/password-resets/${token}`, { password: better })).expect(204);
    await mailTo(innkeep, owner.email, 'was changed');
    const kept = await innkeep.database.asAdmin<{ text: string }>(`
      select l::text as text from events.log l union all select r::text from http.idempotency_records r
      union all select a::text from mail.asks a union all select t::text from identity.one_time_tokens t`);
    const logged = innkeep.all.flatMap(({ lines }) => lines);
    for (const text of [...kept.map((row) => row.text), ...logged])
      for (const secret of [owner.email, token, better]) expect(text.includes(secret)).toBe(false);
  });
});
