import { type DomainError } from '@innkeep/contracts';
import { Directory, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import {
  type TestDatabase,
  type TestOrganization,
  addOrganizations,
  createTestDatabase,
  eventually,
  ownerOf,
} from '@innkeep/testing';
import { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { Revocations, revokeRights, revokeSessions } from './revocations';

describe('revocations', () => {
  let database: TestDatabase;
  let shards: Shards;
  let pool: Pool;
  let unitOfWork: UnitOfWork;
  let organizations: readonly TestOrganization[];
  const following: Revocations[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('api');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 4, applicationName: 'revocations' })]);
    pool = new Pool({ connectionString: url, max: 2 });
    pool.on('error', () => undefined);
    unitOfWork = new UnitOfWork(new Directory(pool), shards, { committed: () => undefined });
    organizations = await addOrganizations(database, [7, 8]);
  });
  afterAll(async () => {
    following.forEach((revocations) => revocations.stop());
    await Promise.all([shards.close(), pool.end()]);
    await database.drop();
  });

  const follow = (over = shards) => {
    const revocations = new Revocations();
    following.push(revocations);
    revocations.follow(over);
    return revocations;
  };
  const caller = (userId: number, sessionId: string = uuid(), { organizationId } = organizations[0]!) => ({
    ...ownerOf(organizationId, userId),
    sessionId,
  });
  const refusalOf = (revocations: Revocations, who: ReturnType<typeof caller>) =>
    (revocations.refusalOf(who) as DomainError | undefined)?.problem.name;
  const endSession = (who: ReturnType<typeof caller>) =>
    unitOfWork.run({ principal: who, requestId: 'r' }, async (transaction) =>
      transaction.write(revokeSessions(transaction, who.userId, [who.sessionId])),
    );

  it('end the access tokens of a session at every process, and of no other session', async () => {
    const [one, other] = [follow(), follow()];
    const [ended, going] = [caller(1), caller(1)];
    await Promise.all([one.becomeCurrent(), other.becomeCurrent()]);
    expect([refusalOf(one, ended), refusalOf(other, ended)]).toEqual([undefined, undefined]);
    await endSession(ended);
    await eventually(() => {
      expect([refusalOf(one, ended), refusalOf(other, ended)]).toEqual(['token-invalid', 'token-invalid']);
    });
    expect(refusalOf(one, going)).toBeUndefined();
  });

  it('end access tokens of an earlier permission epoch, and let the next ones in', async () => {
    const revocations = follow();
    const who = caller(2, undefined, organizations[1]);
    await unitOfWork.run({ principal: who, requestId: 'r' }, async (transaction) =>
      transaction.write(revokeRights(transaction, who.userId, 5)),
    );
    await eventually(() => expect(refusalOf(revocations, { ...who, permissionEpoch: 4 })).toBe('token-expired'));
    expect(refusalOf(revocations, { ...who, permissionEpoch: 5 })).toBeUndefined();
  });

  it('of the last quarter of an hour are known to a process that has just started', async () => {
    const who = caller(3);
    await endSession(who);
    await database.asAdmin(`update http.revocations set revoked_at = now() - interval '14 minutes' where user_id = 3`);
    const revocations = follow();
    expect(revocations.isCurrent).toBe(false);
    await revocations.becomeCurrent();
    expect(revocations.isCurrent).toBe(true);
    expect(refusalOf(revocations, who)).toBe('token-invalid');
  });

  it('are seen though they were committed late', async () => {
    const revocations = follow();
    const who = caller(4);
    await revocations.becomeCurrent();
    await endSession(who);
    await database.asAdmin(`update http.revocations set revoked_at = now() - interval '20 seconds' where user_id = 4`);
    await eventually(() => expect(refusalOf(revocations, who)).toBe('token-invalid'));
  });

  it('let nobody in on what is too old, and say so when it cannot be read anew', async () => {
    const own = new Shards([
      await Shard.open('shard-1', { url: database.urlFor('api'), poolSize: 1, applicationName: 'lost' }),
    ]);
    const revocations = follow(own);
    await revocations.becomeCurrent();
    expect(revocations.isCurrent).toBe(true);
    await own.close();
    await eventually(() => expect(revocations.isCurrent).toBe(false));
    await expect(revocations.becomeCurrent()).rejects.toMatchObject({ problem: { name: 'service-unavailable' } });
  });

  it('are written by who belongs to the organization, and read by the API alone', async () => {
    const [{ organizationId }] = organizations as [TestOrganization];
    const foreign = unitOfWork.run({ principal: caller(5), requestId: 'r' }, async (transaction) =>
      transaction.write(
        revokeSessions({ ...transaction, bucket: 7, organizationId: organizationId + 1 } as never, 5, [uuid()]),
      ),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
    const worker = new Pool({ connectionString: database.urlFor('worker'), max: 1 });
    await expect(worker.query('select http.revocations_since(now())')).rejects.toThrow(/permission denied/);
    await worker.end();
  });
});
