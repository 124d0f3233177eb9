import { DatabaseProxy } from '@innkeep/testing';
import { InnkeepUnderTest, type Member, type Transaction, newKey, signUp } from './system';

describe('a request that is sent again', () => {
  const innkeep = new InnkeepUnderTest();
  let proxy: DatabaseProxy;
  let owner: Member;
  let propertyId: number;
  beforeAll(async () => {
    proxy = await DatabaseProxy.to(innkeep.database.urlFor('api'));
    innkeep.atEnd(() => proxy.close());
    await innkeep.api.stop();
    await innkeep.api.start({ DATABASE_URL: proxy.url });
    owner = await signUp(innkeep.anybody);
    propertyId = (await owner.addProperty()).id;
  });

  const effectsOf = async (description: string) => {
    const [effects] = await innkeep.database.asAdmin<{ transactions: number; events: number; answers: string[] }>(
      `select (select count(*)::int from finance.transactions where description = $1) as transactions,
         (select count(*)::int from events.log where type = 'TransactionRecorded' and data->>'description' = $1) as events,
         (select array_agg(body) from http.idempotency_records where body like '%' || $1 || '%') as answers`,
      [description],
    );
    return effects!;
  };

  it('because the API died between its commit and its answer gets that answer, byte for byte, and nothing is done twice', async () => {
    const key = newKey();
    const description = 'Committed and not answered';
    const record = () => owner.post('/v1/finance/expenses', { propertyId, amountCents: 12_50, description }, key);
    const committed = proxy.swallowCommitOf(key['idempotency-key']);
    const lost = record().then(
      () => 'answered',
      () => 'lost',
    );
    await committed;
    await innkeep.api.kill();
    expect(await lost).toBe('lost');
    const { answers } = await effectsOf(description);
    expect(answers).toHaveLength(1);

    await innkeep.api.start({ DATABASE_URL: proxy.url });
    const [again, onceMore] = [await record(), await record()];
    for (const answer of [again, onceMore]) {
      expect(answer.expect(201).headers.get('idempotent-replayed')).toBe('true');
      expect(answer.text).toBe(answers[0]);
    }
    expect(await effectsOf(description)).toEqual({ transactions: 1, events: 1, answers });
    expect(again.position).toBe(onceMore.position);
    const read = await owner.getAfter(again.position, `/v1/finance/expenses/${again.json<Transaction>().id}`);
    expect(read.as<Transaction>(200)).toMatchObject({ amountCents: 12_50 });
  });

  it('fifty times at once with one key has one effect, and every answer is that one or says that it is on its way', async () => {
    const key = newKey();
    const description = 'Fifty at once';
    const record = () => owner.post('/v1/finance/expenses', { propertyId, amountCents: 1, description }, key);
    const answers = await Promise.all(Array.from({ length: 50 }, record));
    const done = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status !== 201);
    for (const answer of waiting) {
      expect(answer.expect(409).problem.code).toBe('idempotency-in-progress');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect(done.filter(({ headers }) => headers.get('idempotent-replayed') !== 'true')).toHaveLength(1);
    expect(new Set([...done, await record()].map(({ text }) => text)).size).toBe(1);
    expect(await effectsOf(description)).toMatchObject({ transactions: 1, events: 1 });
  });
});
