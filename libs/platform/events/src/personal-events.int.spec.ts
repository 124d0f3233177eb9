import { type NewEvent, SubjectErased, defineEvent, subjects } from '@innkeep/contracts';
import { type OrganizationTransaction, type Shard, sql } from '@innkeep/platform/database';
import { MasterKeyError, MasterKeys, eraseSubject } from '@innkeep/platform/privacy';
import { type TestOrganization, addOrganizations, ownerOf, randomnessFor, testMasterKeys } from '@innkeep/testing';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { createBatchTable } from './batch';
import { type LogUnderTest, Counted, openLog, sums } from './log-under-test';
import { ParkedOrganizations } from './parked-organizations';
import { defineProjection } from './projection';
import { ProjectionOperations } from './projection-operations';
import { type FoldRequest, LIVE_TRACK, foldNextBatch } from './projection-runner';
import { reactToNextBatch } from './reactor-runner';
import { registerTracks } from './registration';

const userNamed = z.object({ userId: z.number(), name: z.string() });
const personal = { subject: ({ userId }: { userId: number }) => subjects.user(userId), fields: ['name'] as const };

/** Version 1 called the name a title; one upcaster cannot cope with everything. */
const upcasters = {
  1: ({ userId, title }: { userId: number; title: string }) => {
    if (title === 'unheard of') throw new TypeError('nobody is called that');
    return { userId, name: title };
  },
};
const UserNamed = defineEvent('UserNamed', 2, userNamed, upcasters, personal);
const UserNamedBefore = defineEvent('UserNamed', 1, z.object({ userId: z.number(), title: z.string() }), undefined, {
  ...personal,
  fields: ['title'],
});

const people = defineProjection({
  name: 'people',
  version: 1,
  events: [UserNamed, SubjectErased],
  table: 'tally.people',
  fold: (batch, table) => sql`
    insert into ${table} as p (bucket, organization_id, user_id, name)
    select distinct on (1, 2, 3) bucket, organization_id, coalesce(data->>'userId', data->>'id')::bigint,
      case type when 'UserNamed' then data->>'name' else 'erased' end
    from ${batch} e where type in ('UserNamed', 'SubjectErased') order by 1, 2, 3, version desc
    on conflict (bucket, organization_id, user_id) do update set name = excluded.name`,
});

const projections = [people, sums];
const table = `
create table tally.people (bucket smallint, organization_id bigint, user_id bigint, name text not null, primary key (bucket, organization_id, user_id));
select app.protect('tally.people');
grant select, insert, update, delete on tally.people to innkeep_projector;
alter schema tally owner to innkeep_migrator; alter table tally.people owner to innkeep_migrator`;

const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);
const masterKeys = MasterKeys.fromJson(testMasterKeys);

describe('events with personal fields', () => {
  let log: LogUnderTest;
  let shard: Shard;
  let client: PoolClient;
  let organizations: TestOrganization[];

  beforeAll(async () => {
    log = await openLog();
    await log.asAdmin(table);
    shard = await log.openShard();
    client = await shard.pool.connect();
    await client.query(createBatchTable);
  });
  beforeEach(async () => {
    await log.reset();
    await log.asAdmin('truncate tally.people; truncate privacy.subject_keys');
    await registerTracks(shard.pool, projections, []);
    organizations = [...(await addOrganizations(log.database, [4, 4, 90]))];
  });
  afterAll(async () => {
    client.release();
    await log.close();
  });

  const change = (organization: TestOrganization, make: (unit: OrganizationTransaction) => void) =>
    log.unitOfWork.run({ principal: ownerOf(organization.organizationId), requestId: 'a-request' }, async (unit) =>
      make(unit),
    );
  const record = (organization: TestOrganization, ...events: NewEvent[]) =>
    change(organization, (unit) => unit.record(...events));
  const erase = (organization: TestOrganization, userId: number) =>
    change(organization, (unit) => eraseSubject(unit, subjects.user(userId)));
  const counted = (amount: number): NewEvent => ({ type: Counted.type, schemaVersion: 1, data: { amount } });
  const named = (userId: number, name: string) => UserNamed({ userId, name });

  const fold = (further: Partial<FoldRequest> = {}) =>
    foldNextBatch(client, { track: LIVE_TRACK, projections, owned: allBuckets, masterKeys, ...further });
  const foldAll = async (limit?: () => number) => {
    while ((await fold(limit && { limit: limit() })).events > 0);
  };
  const rows = () =>
    log.asAdmin<{ id: number; user: number; name: string }>(
      'select organization_id::int as id, user_id::int as "user", name from tally.people order by 1, 2',
    );
  const names = async () => (await rows()).map(({ name }) => name);
  const replay = async (limit?: () => number) => {
    await log.asAdmin('truncate tally.people');
    await log.rewind();
    await foldAll(limit);
  };

  it('are folded opened, and stand sealed in the log', async () => {
    await record(organizations[0]!, named(1, 'Ana Duarte'), counted(5));
    await foldAll();
    expect(await rows()).toEqual([{ id: organizations[0]!.organizationId, user: 1, name: 'Ana Duarte' }]);
    expect(JSON.stringify(await log.asAdmin('select data from events.log'))).not.toContain('Ana');
  });

  it('are opened before they are brought to today’s version', async () => {
    await record(organizations[0]!, UserNamedBefore({ userId: 1, title: 'Ana Duarte' }), named(2, 'Rui Lopes'));
    await foldAll();
    expect(await names()).toEqual(['Ana Duarte', 'Rui Lopes']);
  });

  it('fold as erased once the subject is, in the live rows and in a replay alike', async () => {
    const [organization] = organizations as [TestOrganization];
    await record(organization, named(1, 'Ana Duarte'), named(2, 'Rui Lopes'));
    await foldAll();
    await erase(organization, 1);
    await foldAll();
    expect(await names()).toEqual(['erased', 'Rui Lopes']);
    await replay();
    expect(await names()).toEqual(['erased', 'Rui Lopes']);
  });

  it('give the same rows whatever happens between their writing and their folding, and however batches are cut', async () => {
    const random = randomnessFor('personal events');
    const cut = () => 1 + random.integer(7);
    const expected = new Map<string, string>();
    const erased = new Set<string>();
    for (let n = 0; n < 120; n++) {
      const organization = random.pick(organizations);
      const userId = random.integer(4);
      const person = `${organization.organizationId} ${userId}`;
      if (random.integer(8) === 0) {
        await erase(organization, userId);
        erased.add(person);
        expected.set(person, 'erased');
      } else {
        await record(organization, named(userId, `name ${n}`));
        expected.set(person, erased.has(person) ? 'erased' : `name ${n}`);
      }
      if (random.integer(3) === 0) await fold({ limit: cut() });
    }
    const found = async () => new Map((await rows()).map(({ id, user, name }) => [`${id} ${user}`, name]));
    await foldAll(cut);
    expect(await found()).toEqual(new Map([...expected].sort(([a], [b]) => (a < b ? -1 : 1))));
    const live = await rows();
    await replay(cut);
    expect(await rows()).toEqual(live);
  });

  describe('without a key that ever was', () => {
    const loseKey = ({ organizationId }: TestOrganization) =>
      log.asAdmin('delete from privacy.subject_keys where organization_id = $1', [organizationId]);

    it('park their organization in the projections that take them, and nobody else', async () => {
      const [sick, healthy] = organizations as [TestOrganization, TestOrganization];
      await record(sick, named(1, 'Ana Duarte'), counted(5));
      await loseKey(sick);
      await record(healthy, named(1, 'Rui Lopes'), counted(7));
      expect((await fold()).parked).toBe(1);
      expect(await names()).toEqual(['Rui Lopes']);
      const parked = new ParkedOrganizations(shard.pool, projections, masterKeys);
      expect(await parked.list()).toMatchObject([
        {
          organizationId: sick.organizationId,
          projection: 'people',
          version: 1,
          error: expect.stringMatching(/never was/),
        },
      ]);
      expect((await log.rows()).sums).toHaveLength(2);
      await record(sick, named(2, 'Marta Reis'));
      await foldAll();
      expect(await parked.retry('people', sick.organizationId)).toBe(false);
      expect(await parked.skip('people', sick.organizationId, 'the key is lost')).toBe(true);
      expect(await names()).toEqual(['Marta Reis', 'Rui Lopes']);
    });

    it('stop a rebuild, which parks nobody', async () => {
      await record(organizations[0]!, named(1, 'Ana Duarte'));
      await foldAll();
      await loseKey(organizations[0]!);
      const operations = new ProjectionOperations(shard.pool, projections, masterKeys);
      await expect(operations.rebuild('people')).rejects.toThrow(/UserNamed: there never was a key/);
    });
  });

  it('park nobody for a master key that this process lacks', async () => {
    await record(organizations[0]!, named(1, 'Ana Duarte'));
    const other = MasterKeys.fromJson(testMasterKeys.replace('"tests"', '"another"'));
    await expect(fold({ masterKeys: undefined })).rejects.toThrow(MasterKeyError);
    await expect(fold({ masterKeys: other })).rejects.toThrow(MasterKeyError);
    expect(await log.asAdmin('select from events.parked')).toEqual([]);
    await foldAll();
    expect(await names()).toEqual(['Ana Duarte']);
  });

  it('that cannot be brought to today’s version park their organization', async () => {
    const [sick, healthy] = organizations as [TestOrganization, TestOrganization];
    await record(sick, UserNamedBefore({ userId: 1, title: 'unheard of' }));
    await record(healthy, UserNamedBefore({ userId: 1, title: 'Rui Lopes' }));
    expect((await fold()).parked).toBe(1);
    expect(await names()).toEqual(['Rui Lopes']);
    expect(await log.asAdmin('select error from events.parked')).toEqual([
      { error: 'UserNamed: version 1 cannot be read as version 2: nobody is called that' },
    ]);
  });

  it('are withheld from reactors', async () => {
    const seen: unknown[] = [];
    const reactor = {
      name: 'gossip',
      trails: [],
      events: [UserNamed],
      react: async (events: readonly { data: unknown }[]) => void seen.push(...events.map(({ data }) => data)),
    };
    await registerTracks(shard.pool, projections, [reactor]);
    await record(organizations[0]!, named(1, 'Ana Duarte'), UserNamedBefore({ userId: 2, title: 'Rui Lopes' }));
    await foldAll();
    await reactToNextBatch(client, reactor, allBuckets);
    expect(seen).toEqual([
      { userId: 1, name: 'withheld' },
      { userId: 2, name: 'withheld' },
    ]);
  });

  it('are no difference to verify, also while a read model has not heard of an erasure yet', async () => {
    const [organization] = organizations as [TestOrganization];
    const operations = new ProjectionOperations((await log.openShard()).pool, projections, masterKeys);
    await record(organization, named(1, 'Ana Duarte'));
    await foldAll();
    await operations.pause('people');
    await erase(organization, 1);
    await foldAll();
    expect(await names()).toEqual(['Ana Duarte']);
    expect(await operations.verify('people')).toEqual([]);
    await operations.resume('people');
    expect(await names()).toEqual(['erased']);
    expect(await operations.verify('people')).toEqual([]);
    await log.asAdmin("update tally.people set name = 'somebody'");
    expect(await operations.verify('people')).toMatchObject([{ organizationId: organization.organizationId }]);
  });
});
