import { untilAnswering } from './until-answering';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

/** Answers after so many refusals. */
function database(refusals: number, error: Error = refused) {
  const asked = { times: 0 };
  const ask = () => (asked.times++ < refusals ? Promise.reject(error) : Promise.resolve('answer'));
  return { asked, ask };
}

describe('a database that does not answer yet', () => {
  it('is asked again until it does', async () => {
    const { asked, ask } = database(2);
    await expect(untilAnswering(ask)).resolves.toBe('answer');
    expect(asked.times).toBe(3);
  });

  it('is given up in the end, with what it said', async () => {
    const { asked, ask } = database(Infinity);
    await expect(untilAnswering(ask, 600)).rejects.toBe(refused);
    expect(asked.times).toBeGreaterThan(1);
  });

  it('is not asked again when it has answered no', async () => {
    const { asked, ask } = database(1, Object.assign(new Error('password authentication failed'), { code: '28P01' }));
    await expect(untilAnswering(ask)).rejects.toThrow('password');
    expect(asked.times).toBe(1);
  });
});
