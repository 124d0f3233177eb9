import { features } from '@innkeep/assembly';
import { Shard } from '@innkeep/platform/database';
import { LIVE_TRACK, Projector } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { type TestDatabase, createTestDatabase, eventually, testMasterKeys, withSession } from '@innkeep/testing';
import type { RecordedKeys, RecordedLine, Recording } from './recording';

export const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);

/** The whole log of a database, as lines of a recording. */
export async function readLog(database: TestDatabase): Promise<RecordedLine[]> {
  return readRows(database, 'select to_jsonb(l) as row from events.log l order by bucket, position');
}

/** The keys of a database that was written with the master key of the tests. */
export async function readKeys(database: TestDatabase): Promise<RecordedKeys> {
  const statement = 'select to_jsonb(k) as row from privacy.subject_keys k order by bucket, organization_id, subject';
  return {
    masterKeys: JSON.parse(testMasterKeys) as object[],
    subjectKeys: await readRows<object>(database, statement),
  };
}

/** What each projection makes of a recorded log, in an empty database. */
export async function fold(recording: Recording): Promise<Map<string, object[]>> {
  const database = await createTestDatabase();
  try {
    await load(database, recording);
    await project(database, recording.keys);
    const rows = new Map<string, object[]>();
    for (const { name, table } of projections) {
      const found = await readRows<object>(database, `select to_jsonb(t) as row from ${table} t`);
      // In an order that no server's collation decides.
      rows.set(
        name,
        found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      );
    }
    return rows;
  } finally {
    await database.drop();
  }
}

async function load(database: TestDatabase, recording: Recording): Promise<void> {
  // Recorded events are of months that have no partition any more, or none yet.
  await database.asAdmin('create table events.log_of_any_month partition of events.log default');
  await database.asAdmin('insert into events.log select * from jsonb_populate_recordset(null::events.log, $1::jsonb)', [
    JSON.stringify(recording.events),
  ]);
  await database.asAdmin(
    'insert into privacy.subject_keys select * from jsonb_populate_recordset(null::privacy.subject_keys, $1::jsonb)',
    [JSON.stringify(recording.keys.subjectKeys)],
  );
  await database.asAdmin(
    `insert into events.organization_heads select bucket, organization_id, max(version), max(position) from events.log group by 1, 2`,
  );
  await database.asAdmin(
    `update events.buckets b set position = l.position, recorded_at = l.recorded_at
     from (select bucket, max(position) as position, max(recorded_at) as recorded_at from events.log group by 1) l where l.bucket = b.bucket`,
  );
}

async function project(database: TestDatabase, { masterKeys }: RecordedKeys): Promise<void> {
  const failures: unknown[] = [];
  const url = database.urlFor('projector');
  const shard = await Shard.open('shard-1', { url, poolSize: 3, applicationName: 'corpus' });
  const observer = {
    folded: () => undefined,
    reacted: () => undefined,
    failed: (error: unknown) => failures.push(error),
    parked: (organizations: number) => failures.push(`${organizations} parked`),
    outdated: (names: readonly string[]) => failures.push(names),
  };
  const keys = masterKeys.length > 0 ? JSON.stringify(masterKeys) : testMasterKeys;
  const projector = new Projector(shard, projections, [], observer, MasterKeys.fromJson(keys));
  try {
    await projector.start();
    await eventually(async () => {
      const behind = await database.asAdmin(
        'select bucket from events.checkpoints c join events.buckets b using (bucket) where track = $1 and b.position > c.position',
        [LIVE_TRACK],
      );
      if (failures.length === 0) expect(behind).toEqual([]);
    });
    expect(failures).toEqual([]);
  } finally {
    await projector.stop();
    await shard.close();
  }
}

async function readRows<Row>(database: TestDatabase, statement: string): Promise<Row[]> {
  return withSession(database.adminUrl, async (session) => {
    // What a server writes of a time depends on the zone of its session.
    await session.query("set timezone to 'UTC'");
    return (await session.query<{ row: Row }>(statement)).rows.map(({ row }) => row);
  });
}
