import { features } from '@innkeep/assembly';
import { CommitHints, Directory, type OrganizationRoute, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { ProjectionOperations, registerTracks } from '@innkeep/platform/events';
import { MasterKeys, type SealedEvent, SubjectSealer, openEvents } from '@innkeep/platform/privacy';
import { verifyPassword } from '@innkeep/platform/security';
import { type TestDatabase, createTestDatabase, ownerOf, testMasterKeys } from '@innkeep/testing';
import { PropertyCreated, eventCatalog, isSealed, taskStatuses } from '@innkeep/contracts';
import { Pool } from 'pg';
import { emailOf } from './made-up-organization';
import { type Seeded, seedByCopy } from './seed-by-copy';
import { PROPERTIES, USERS, defaultBucket, transactionsOfEach } from './size';
import { toldByEvent, toldByRow, writtenTables } from './written-rows';

const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);
const masterKeys = MasterKeys.fromJson(testMasterKeys);
const stayStatuses = ['expected', 'in-house', 'departed', 'cancelled'];
const size = { organizations: 20, transactions: 1_000, seed: 11 };

/** An event of the log, opened. */
interface LoggedEvent {
  readonly organizationId: number;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly entityId: string;
  readonly propertyId: number | null;
  readonly recorded: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

class Unheard extends CommitHints {
  committed(_route: OrganizationRoute): void {}
}

function openedData(opened: Awaited<ReturnType<typeof openEvents>>[number]) {
  if ('flaw' in opened) throw new Error(opened.flaw);
  return opened.data;
}

describe('organizations seeded by COPY', () => {
  let database: TestDatabase;
  let projector: Shard;
  let seeded: Seeded;

  const seed = (more: Partial<typeof size> = {}) =>
    seedByCopy({
      databaseUrl: database.adminUrl,
      ...{ masterKeys, projections, size: { ...size, ...more }, password: 'a house of many rooms' },
      say: () => undefined,
    });
  const count = async (what: string) =>
    Number((await database.asAdmin<{ count: string }>(`select count(*) as count from ${what}`))[0]!.count);

  /** The whole log in order, as projections read it. */
  const readLog = async (): Promise<LoggedEvent[]> => {
    const rows = await database.asAdmin<Omit<LoggedEvent, 'recorded'> & SealedEvent>(
      `select bucket, organization_id::float8 as "organizationId", version::float8, type, schema_version as "schemaVersion",
         entity_id as "entityId", property_id::float8 as "propertyId", data from events.log order by organization_id, version`,
    );
    const client = await projector.pool.connect();
    try {
      const opened = await openEvents(client, masterKeys, rows);
      return rows.map((row, index) => ({ ...row, recorded: row.data, data: openedData(opened[index]!) }));
    } finally {
      client.release();
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    projector = await Shard.open('shard-1', {
      url: database.urlFor('projector'),
      ...{ poolSize: 3, applicationName: 'seed-spec' },
    });
    await expect(seed()).rejects.toThrow('No read model is registered yet');
    await registerTracks(projector.pool, projections, []);
    seeded = await seed();
  });

  afterAll(async () => {
    await projector.close();
    await database.drop();
  });

  it('are as many as were asked for, some of them large', async () => {
    expect(await count('identity.organizations')).toBe(size.organizations);
    expect(await count('properties.properties')).toBe(size.organizations * PROPERTIES);
    expect(await count('identity.users')).toBe(size.organizations * USERS);
    expect(await count('finance.transactions')).toBe(size.transactions);
    expect(await count('events.log')).toBe(seeded.events);
    const counts = [...transactionsOfEach(size)].sort((a, b) => a - b);
    expect(counts.at(-1)).toBeGreaterThan(4 * counts[10]!);
  });

  it('have stays, shifts, leave and tasks of every kind, and units for most of the parties', async () => {
    const kinds = async (table: string, column: string) =>
      (await database.asAdmin<{ kind: string }>(`select distinct ${column} as kind from ${table}`)).map(
        ({ kind }) => kind,
      );
    expect(new Set(await kinds('guests.stays', 'status'))).toEqual(new Set(stayStatuses));
    expect(new Set(await kinds('tasks.tasks', 'status'))).toEqual(new Set(taskStatuses));
    expect(new Set(await kinds('staff.leave_requests', 'status'))).toEqual(
      new Set(['pending', 'approved', 'rejected']),
    );
    expect(await kinds('staff.shifts', 'ended_at is null')).toHaveLength(2);
    expect(await count('tasks.comments')).toBeGreaterThan(0);
    expect(await count('properties.units')).toBeGreaterThanOrEqual(2 * size.organizations * PROPERTIES);
    const stays = await count("guests.stays where status <> 'cancelled'");
    expect(await count('guests.unit_holds')).toBeGreaterThan(stays / 2);
  });

  it('have events as their schemas describe them, with what is personal sealed', async () => {
    for (const { type, schemaVersion, data, recorded } of await readLog()) {
      const { schema, version, personal = [] } = eventCatalog.get(type)!;
      expect([type, schemaVersion, schema.parse(data)]).toEqual([type, version, data]);
      for (const field of personal)
        expect([type, field, recorded[field] === null || isSealed(recorded[field])]).toEqual([type, field, true]);
    }
  });

  it('have rows that say what the last event about each says, and no event without its row', async () => {
    const log = await readLog();
    for (const table of writtenTables) {
      const last = new Map(
        log.filter(({ type }) => table.types.includes(type)).map((event) => [event.entityId, event]),
      );
      const rows = await database.asAdmin<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from ${table.table} t`,
      );
      expect([table.table, rows.length]).toEqual([table.table, last.size]);
      for (const { row } of rows) {
        const event = last.get(String(row.id))!;
        expect([row.organization_id, row.version, row.property_id ?? null]).toEqual([
          event.organizationId,
          event.version,
          event.propertyId,
        ]);
        expect(toldByRow(row, event.data, table)).toEqual(toldByEvent(event.data, table));
      }
    }
  });

  it('have the read models that the projector would have made of the log', async () => {
    const operations = new ProjectionOperations(projector.pool, projections, masterKeys);
    const differing: unknown[] = [];
    // One after the other: each holds a connection for as long as the whole log takes.
    for (const { name } of projections) differing.push(...(await operations.verify(name)));
    expect(differing).toEqual([]);
    expect(await count('finance.pending_approvals')).toBe(await count("finance.transactions where status = 'pending'"));
    expect(await count('audit.entries')).toBe(seeded.events);
  });

  it('leave counters and checkpoints where the product goes on', async () => {
    const [off] = await database.asAdmin<Record<string, string>>(`
      select
        (select count(*) from events.buckets b where b.position <> (select coalesce(max(position), 0) from events.log l where l.bucket = b.bucket)) as heads,
        (select count(*) from events.checkpoints c join events.buckets b using (bucket) where c.position <> b.position) as checkpoints,
        (select count(*) from events.organization_heads h where h.version <> (select count(*) from events.log l
          where l.bucket = h.bucket and l.organization_id = h.organization_id)) as versions,
        (select count(*) from directory.organizations o where o.bucket <> directory.default_bucket(o.organization_id)) as buckets,
        (select count(*) from identity.users u where not exists (select from directory.sign_ins s
          where s.organization_id = u.organization_id and s.user_id = u.id and s.is_confirmed and s.email_hash = sha256(convert_to(u.email, 'UTF8')))) as sign_ins,
        (select count(*) from identity.users where id >= (select next_id from directory.id_blocks where kind = 'user')) as users,
        (select count(*) from properties.properties where id >= (select next_id from directory.id_blocks where kind = 'property')) as properties`);
    expect(new Set(Object.values(off!))).toEqual(new Set(['0']));
    expect(defaultBucket(seeded.first.organization)).toBe(
      (
        await database.asAdmin<{ bucket: number }>('select directory.default_bucket($1) as bucket', [
          seeded.first.organization,
        ])
      )[0]!.bucket,
    );
  });

  it('take a write, which the log and the read models go on with', async () => {
    const { organization } = seeded.first;
    const pool = new Pool({ connectionString: database.urlFor('api'), max: 1 });
    const directory = new Directory(pool);
    const shard = await Shard.open('shard-1', {
      url: database.urlFor('api'),
      ...{ poolSize: 1, applicationName: 'seed-spec' },
    });
    const unitOfWork = new UnitOfWork(directory, new Shards([shard]), new Unheard(), new SubjectSealer(masterKeys));
    const propertyId = await directory.nextId('property');
    const before = await count(`events.log where organization_id = ${organization}`);
    const data = {
      propertyId,
      name: 'Annex',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      businessDayStartsAt: '00:00',
    };
    const { version } = await unitOfWork.run({ principal: ownerOf(organization), requestId: 'spec' }, async (unit) =>
      unit.record(PropertyCreated(data, { propertyId, entityId: propertyId })),
    );
    expect(version).toBe(before + 1);
    await Promise.all([shard.close(), pool.end()]);
  });

  it('let their users in by one password', async () => {
    const [user] = await database.asAdmin<{ password_hash: string; role: string }>(
      'select password_hash, role from identity.users where email = $1',
      [emailOf(size.seed, 20, 'owner')],
    );
    expect(user!.role).toBe('owner');
    expect(await verifyPassword(user!.password_hash, 'a house of many rooms')).toBe(true);
  });

  it('are not made twice, nor before the projector has come as far as the log', async () => {
    await expect(seed()).rejects.toThrow('Organizations of the seed 11 are here already');
  });
});
