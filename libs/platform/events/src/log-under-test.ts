import type { EventType } from '@innkeep/contracts';
import { CommitHints, Directory, Shard, Shards, UnitOfWork, sql } from '@innkeep/platform/database';
import { MasterKeys, SubjectSealer } from '@innkeep/platform/privacy';
import {
  type TestDatabase,
  type TestOrganization,
  createTestDatabase,
  ownerOf,
  testMasterKeys,
} from '@innkeep/testing';
import { Client, Pool } from 'pg';
import { defineProjection } from './projection';
import type { ProjectorObserver } from './projector';

const eventType = (type: string): EventType =>
  Object.assign(() => ({ type, schemaVersion: 1, data: {} }), { type, version: 1, schema: {} as never, upcasters: {} });

export const Counted = eventType('Counted');
export const Renamed = eventType('Renamed');
export const Ignored = eventType('Ignored');

/** Read models of the tests' own: one that adds up, one that keeps the last, one that keeps all and bears no repetition. */
const readModels = `
create schema tally;
grant usage on schema tally to innkeep_projector;
create table tally.sums (bucket smallint, organization_id bigint, events bigint not null, total bigint not null, primary key (bucket, organization_id));
create table tally.names (bucket smallint, organization_id bigint, name text not null, primary key (bucket, organization_id));
create table tally.counts (bucket smallint, organization_id bigint, version bigint, amount bigint not null, primary key (bucket, organization_id, version));
select app.protect(name) from unnest(array['tally.sums', 'tally.names', 'tally.counts']::regclass[]) name;
grant select, insert, update, delete on all tables in schema tally to innkeep_projector`;

export const sums = defineProjection({
  name: 'sums',
  version: 1,
  events: [Counted],
  table: 'tally.sums',
  fold: (batch, table) => sql`
    insert into ${table} as s select bucket, organization_id, count(*), sum((data->>'amount')::bigint) from ${batch} e where type = 'Counted' group by 1, 2
    on conflict (bucket, organization_id) do update set events = s.events + excluded.events, total = s.total + excluded.total`,
});

export const names = defineProjection({
  name: 'names',
  version: 1,
  events: [Renamed],
  table: 'tally.names',
  fold: (batch, table) => sql`
    insert into ${table} select distinct on (bucket, organization_id) bucket, organization_id, data->>'name' from ${batch} e where type = 'Renamed'
    order by bucket, organization_id, version desc
    on conflict (bucket, organization_id) do update set name = excluded.name`,
});

export const counts = defineProjection({
  name: 'counts',
  version: 1,
  events: [Counted],
  table: 'tally.counts',
  fold: (batch, table) => sql`
    insert into ${table} select bucket, organization_id, version, (data->>'amount')::bigint from ${batch} e where type = 'Counted'`,
});

export const projections = [sums, names, counts];

/** What a test writes: an amount is counted, a text is a new name, nothing is an event that no projection takes. */
export type Entry = number | string | undefined;

const toEvent = (entry: Entry) => {
  if (entry === undefined) return { type: 'Ignored', schemaVersion: 1, data: {} };
  return typeof entry === 'number'
    ? { type: 'Counted', schemaVersion: 1, data: { amount: entry } }
    : { type: 'Renamed', schemaVersion: 1, data: { name: entry } };
};

class NoHints extends CommitHints {
  committed(): void {}
}

/** An event log with somebody who writes to it, and a way in for projectors. */
export interface LogUnderTest {
  readonly database: TestDatabase;
  readonly unitOfWork: UnitOfWork;
  write(organization: TestOrganization, entries: readonly Entry[]): Promise<unknown>;
  /** A shard as a projector process has it; closed with the rest. */
  openShard(applicationName?: string): Promise<Shard>;
  /** The rows of all read models. */
  rows(): Promise<Record<string, unknown[]>>;
  /** Runs statements as the administrator, on a connection that is kept. */
  asAdmin<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Empties the read models and turns all checkpoints back. */
  rewind(): Promise<void>;
  /** Empties everything: as if nothing had ever been written or registered. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openLog(): Promise<LogUnderTest> {
  const database = await createTestDatabase();
  await database.asAdmin(readModels);
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const asAdmin = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []) =>
    (await admin.query(text, values)).rows as Row[];
  const url = database.urlFor('api');
  const pool = new Pool({ connectionString: url, max: 2 });
  const api = await Shard.open('shard-1', { url, poolSize: 6, applicationName: 'writer-under-test' });
  const opened = [api];
  const unitOfWork = new UnitOfWork(
    new Directory(pool),
    new Shards([api]),
    new NoHints(),
    new SubjectSealer(MasterKeys.fromJson(testMasterKeys)),
  );
  return {
    database,
    unitOfWork,
    write: ({ organizationId }, entries) =>
      unitOfWork.run({ principal: ownerOf(organizationId), requestId: 'a-request' }, async (unit) =>
        unit.record(...entries.map(toEvent)),
      ),
    openShard: async (applicationName = 'projector-under-test') => {
      const shard = await Shard.open('shard-1', { url: database.urlFor('projector'), poolSize: 5, applicationName });
      opened.push(shard);
      return shard;
    },
    asAdmin,
    rows: async () => {
      const [row] = await asAdmin<Record<string, unknown[]>>(
        `select (select coalesce(json_agg(json_build_object('id', organization_id, 'events', events, 'total', total) order by organization_id), '[]') from tally.sums) as sums,
           (select coalesce(json_agg(json_build_object('id', organization_id, 'name', name) order by organization_id), '[]') from tally.names) as names,
           (select coalesce(json_agg(json_build_object('id', organization_id, 'version', version, 'amount', amount) order by organization_id, version), '[]') from tally.counts) as counts`,
      );
      return row!;
    },
    rewind: async () => {
      await asAdmin(
        `truncate tally.sums, tally.names, tally.counts, events.projection_heads;
         update events.checkpoints set position = 0, recorded_at = '-infinity'`,
      );
    },
    reset: async () => {
      await asAdmin(
        `truncate tally.sums, tally.names, tally.counts, events.projection_heads, events.log, events.organization_heads, events.checkpoints,
           events.projections cascade;
         update events.buckets set position = 0, recorded_at = '-infinity' where position > 0;
         update events.ownership set owner = null`,
      );
    },
    close: async () => {
      await Promise.all(opened.map((shard) => shard.close()));
      await Promise.all([pool.end(), admin.end()]);
      await database.drop();
    },
  };
}

/** What the read models should hold, worked out from what was written, in memory. */
export function expectedRows(written: ReadonlyMap<number, readonly Entry[]>): Record<string, unknown[]> {
  const byId = [...written].sort(([a], [b]) => a - b);
  return {
    sums: byId.flatMap(([id, entries]) => {
      const amounts = entries.filter((entry) => typeof entry === 'number');
      return amounts.length > 0 ? [{ id, events: amounts.length, total: amounts.reduce((a, b) => a + b, 0) }] : [];
    }),
    names: byId.flatMap(([id, entries]) => {
      const name = entries.findLast((entry) => typeof entry === 'string');
      return name === undefined ? [] : [{ id, name }];
    }),
    counts: byId.flatMap(([id, entries]) =>
      entries.flatMap((entry, index) => (typeof entry === 'number' ? [{ id, version: index + 1, amount: entry }] : [])),
    ),
  };
}

/** Listens to a projector whose doings a test sees elsewhere. */
export const silent: ProjectorObserver = {
  folded: () => undefined,
  reacted: () => undefined,
  failed: () => undefined,
  parked: () => undefined,
  outdated: () => undefined,
};
