import { eventually } from '@innkeep/testing';
import { Secret, TOTP } from 'otpauth';
import { ApiClient, SharedInnkeep, type Member, type SignedIn, password, signUp } from './system';
import { mailTo } from './system/mailbox';

const STEP_MS = 30_000;

/** An authenticator app: tells codes, each one later than the one before. The API takes a code up to one step early. */
class Authenticator {
  private lastStep = 0;

  constructor(private readonly secret: string) {}

  code(step: number): string {
    return new TOTP({ secret: Secret.fromBase32(this.secret) }).generate({ timestamp: step * STEP_MS });
  }

  /** A code that was not told yet, as soon as one would be taken. */
  async next(): Promise<string> {
    return eventually(() => {
      const now = Math.floor(Date.now() / STEP_MS);
      const step = Math.max(now, this.lastStep + 1);
      if (step > now + 1) throw new Error('the next code would not be taken yet');
      this.lastStep = step;
      return this.code(step);
    }, 60);
  }
}

describe('a second factor', () => {
  const innkeep = new SharedInnkeep();
  let anybody: ApiClient;
  beforeAll(() => {
    anybody = innkeep.anybody;
  });

  const path = '/v1/auth/second-factor';
  const logIn = ({ email }: Member) => anybody.post('/v1/auth/login', { email, password });
  const challengeOf = async (member: Member) => (await logIn(member)).as<{ challenge: string }>(202).challenge;
  const complete = (challenge: string, code: string) =>
    anybody.post('/v1/auth/login/second-factor', { challenge, code });
  const status = async (member: Member) => (await member.get(path)).json();

  async function turnOn(): Promise<{ member: Member; app: Authenticator; recoveryCodes: string[]; first: string }> {
    const member = await signUp(anybody);
    const enrolled = await member.post(path, { password });
    const app = new Authenticator(enrolled.as<{ secret: string; uri: string }>(201).secret);
    const first = await app.next();
    const confirmed = await member.post(`${path}/confirmation`, { code: first });
    return { member, app, first, recoveryCodes: confirmed.as<{ recoveryCodes: string[] }>(200).recoveryCodes };
  }

  it('counts once it is confirmed, and takes the password to enrol', async () => {
    const member = await signUp(anybody);
    expect(await status(member)).toEqual({ isOn: false, turnedOnAt: null, recoveryCodesLeft: 0 });
    expect((await member.post(path, { password: 'not this one' })).expect(403).problem.code).toBe('password-wrong');
    expect((await member.post(`${path}/confirmation`, { code: '123456' })).expect(409).problem.code).toBe(
      'second-factor-state',
    );
    const { uri } = (await member.post(path, { password })).as<{ uri: string }>(201);
    expect(decodeURIComponent(uri)).toMatch(new RegExp(`^otpauth://totp/Innkeep:${member.email}\\?`));
    expect((await logIn(member)).status).toBe(200);
    const again = new Authenticator((await member.post(path, { password })).as<{ secret: string }>(201).secret);
    const answer = await member.post(`${path}/confirmation`, { code: await again.next() });
    expect(answer.as<{ recoveryCodes: string[] }>(200).recoveryCodes).toHaveLength(10);
    expect(await status(member)).toMatchObject({ isOn: true, recoveryCodesLeft: 10 });
    expect((await member.post(path, { password })).expect(409).problem.code).toBe('second-factor-state');
    await mailTo(innkeep, member.email, 'Signing in was changed');
  });

  it('is asked for behind the password, and never takes a code twice', async () => {
    const { member, app, first } = await turnOn();
    const challenge = await challengeOf(member);
    // The code that confirmed it is used up, too.
    expect((await complete(challenge, first)).expect(403).problem.code).toBe('second-factor-invalid');
    const code = await app.next();
    const { accessToken } = (await complete(challenge, code)).as<SignedIn>(200);
    expect((await new ApiClient(innkeep.url, accessToken).get('/v1/auth/me')).status).toBe(200);
    expect((await complete(challenge, code)).expect(410).problem.code).toBe('one-time-token-invalid');
    expect((await complete(await challengeOf(member), code)).expect(403).problem.code).toBe('second-factor-invalid');
  });

  it('gives one session for one code, however often it is sent at once', async () => {
    const { member, app } = await turnOn();
    const challenges = await Promise.all([challengeOf(member), challengeOf(member), challengeOf(member)]);
    const code = await app.next();
    const answers = await Promise.all(challenges.map((challenge) => complete(challenge, code)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403, 403]);
  });

  it('ends a challenge after five wrong codes', async () => {
    const { member, recoveryCodes } = await turnOn();
    const challenge = await challengeOf(member);
    for (let n = 0; n < 5; n++) expect((await complete(challenge, 'wrong-code')).status).toBe(403);
    expect((await complete(challenge, recoveryCodes[0]!)).expect(410).problem.code).toBe('one-time-token-invalid');
    expect((await complete(await challengeOf(member), recoveryCodes[0]!)).status).toBe(200);
  });

  it('lets in with a recovery code, each of them once and with a mail', async () => {
    const { member, recoveryCodes } = await turnOn();
    const [one, other] = recoveryCodes as [string, string];
    expect((await complete(await challengeOf(member), one.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    await mailTo(innkeep, member.email, 'recovery code was used');
    expect((await complete(await challengeOf(member), one)).status).toBe(403);
    expect((await complete(await challengeOf(member), other)).status).toBe(200);
    expect(await status(member)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('gets new recovery codes, and is turned off, with the password and a code', async () => {
    const { member, app, recoveryCodes } = await turnOn();
    const renew = (code: string, word = password) => member.post(`${path}/recovery-codes`, { password: word, code });
    expect((await renew(recoveryCodes[0]!, 'not this one')).status).toBe(403);
    const renewed = (await renew(recoveryCodes[0]!)).as<{ recoveryCodes: string[] }>(200).recoveryCodes;
    expect(renewed.some((code) => recoveryCodes.includes(code))).toBe(false);
    expect((await renew(recoveryCodes[1]!)).expect(403).problem.code).toBe('second-factor-invalid');
    expect(await status(member)).toMatchObject({ recoveryCodesLeft: 10 });
    const remove = (code: string) => member.post(`${path}/removal`, { password, code });
    expect((await remove('000000')).status).toBe(403);
    (await remove(await app.next())).expect(204);
    expect(await status(member)).toMatchObject({ isOn: false, recoveryCodesLeft: 0 });
    expect((await logIn(member)).status).toBe(200);
    expect((await remove(renewed[0]!)).expect(409).problem.code).toBe('second-factor-state');
  });

  it('is kept sealed, and its recovery codes as hashes', async () => {
    const member = await signUp(anybody);
    const { secret } = (await member.post(path, { password })).as<{ secret: string }>(201);
    const code = await new Authenticator(secret).next();
    const confirmed = await member.post(`${path}/confirmation`, { code });
    const { recoveryCodes } = confirmed.as<{ recoveryCodes: string[] }>(200);
    const raw = Buffer.from(Secret.fromBase32(secret).buffer).toString('hex');
    const kept = await innkeep.database.asAdmin<{ text: string }>(`
      select f::text as text from identity.second_factors f union all select c::text from identity.recovery_codes c
      union all select l::text from events.log l union all select r::text from http.idempotency_records r`);
    expect(kept.length).toBeGreaterThan(10);
    for (const { text } of kept)
      for (const word of [secret, raw, ...recoveryCodes]) expect(text.includes(word)).toBe(false);
  });
});
