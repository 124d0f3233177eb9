import { type ApiClient, type Answer, InnkeepUnderTest, newEmail, operator, password, signUp } from './system';

/** Guesses until one has to wait: on a slow machine the first, short pauses may be over before the next guess. */
async function guessUntilRefused(guess: () => Promise<Answer>): Promise<{ refused: Answer; wrong: number }> {
  for (let wrong = 0; wrong < 12; wrong++) {
    const answer = await guess();
    if (answer.status === 429) return { refused: answer, wrong };
  }
  throw new Error('no guess was refused');
}

describe('guessing', () => {
  const innkeep = new InnkeepUnderTest({ apps: ['api'], apiEnvironment: { SIGN_IN_FREE_ATTEMPTS_ACCOUNT: '3' } });
  let anybody: ApiClient;
  beforeAll(() => {
    anybody = innkeep.anybody;
  });

  const logIn = (email: string, word: string) => anybody.post('/v1/auth/login', { email, password: word });
  const expectWait = ({ refused, wrong }: { refused: Answer; wrong: number }) => {
    expect(wrong).toBeGreaterThanOrEqual(3);
    expect(refused.problem.code).toBe('too-many-attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  };

  it('a password has to wait, and the right one then waits as well', async () => {
    const owner = await signUp(anybody);
    let word = 0;
    expectWait(await guessUntilRefused(() => logIn(owner.email, `guess ${word++}`)));
    const { refused } = await guessUntilRefused(() => logIn(owner.email, 'one more guess'));
    const right = await logIn(owner.email, password);
    // Unless the pause has just ended.
    if (right.status !== 200) expect([right.status, right.problem.code]).toEqual([429, refused.problem.code]);
    const other = await signUp(anybody);
    expect((await logIn(other.email, password)).status).toBe(200);
  });

  it('at an address that nobody has is slowed down in the same way', async () => {
    const email = newEmail();
    expectWait(await guessUntilRefused(() => logIn(email, 'a guess')));
  });

  it('does not count what is right', async () => {
    const owner = await signUp(anybody);
    for (let n = 0; n < 6; n++) expect((await logIn(owner.email, password)).status).toBe(200);
  });

  it('one’s own password by a stolen access token is slowed down too', async () => {
    const owner = await signUp(anybody);
    const guess = () =>
      owner.put('/v1/auth/password', { currentPassword: 'a guess', newPassword: 'what I would have' });
    expectWait(await guessUntilRefused(guess));
  });

  it('an operator’s password is slowed down, at the API and at the queues together', async () => {
    await innkeep.signInOperator();
    const basic = (word: string) =>
      anybody.get('/admin/queues', {
        authorization: `Basic ${Buffer.from(`${operator.email}:${word}`).toString('base64')}`,
      });
    const guess = () => anybody.post('/v1/system/auth/login', { ...operator, password: 'a guess' });
    expect((await basic('a guess')).status).toBe(401);
    expect((await basic('another guess')).status).toBe(401);
    const { wrong } = await guessUntilRefused(guess);
    expect(wrong).toBeGreaterThanOrEqual(1);
    const { refused } = await guessUntilRefused(() => basic('one more guess'));
    expect(refused.problem.code).toBe('too-many-attempts');
  });
});
