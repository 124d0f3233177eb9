import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Directory, Shard, Shards, sql } from '@innkeep/platform/database';
import type { ReportTable } from '@innkeep/platform/feature';
import { LocalFiles } from '@innkeep/platform/files';
import { type TestDatabase, addOrganizations, createTestDatabase } from '@innkeep/testing';
import { Pool } from 'pg';
import { reportFileOf } from '../export';
import type { ExportWork } from '../make-export/export-work.store';
import { makeReport } from './make-report';

const ROWS = 2_500;

const table: ReportTable = {
  name: 'transactions',
  title: 'Transactions',
  columns: [{ name: 'number', title: 'Number', kind: 'count' }],
  projections: [],
  count: () => sql`select ${ROWS} as count`,
  rows: () => sql`select json_build_object('number', n) as row from generate_series(1, ${ROWS}) n`,
  totals: () => sql`select json_build_object('number', ${ROWS}) as row`,
};
const ask = {
  ...{ report: 'transactions', propertyId: 1, propertyName: 'Casa do Rio' },
  ...{ from: '2026-03-01', to: '2026-03-31', askedVersion: 0 },
};

describe('the file of a report', () => {
  let database: TestDatabase;
  let shards: Shards;
  let pool: Pool;
  let folder: string;
  let organizationId: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'makes-reports' })]);
    pool = new Pool({ connectionString: url, max: 1 });
    folder = await mkdtemp(join(tmpdir(), 'innkeep-reports-'));
    organizationId = (await addOrganizations(database, [7]))[0]!.organizationId;
  });
  afterAll(async () => {
    await shards.close();
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** Keeps files on the disk, and notes how many transactions were open while one was on its way. */
  class Watching extends LocalFiles {
    openMeanwhile = -1;

    override async put(...file: Parameters<LocalFiles['put']>) {
      const [row] = await database.asAdmin<{ open: number }>(
        `select count(*)::int as open from pg_stat_activity where application_name = 'makes-reports' and xact_start is not null`,
      );
      this.openMeanwhile = row!.open;
      return super.put(...file);
    }
  }

  it('that is written row by row goes to where it is kept when all are read, and leaves nothing behind', async () => {
    const storage = new Watching(join(folder, 'files'));
    const scratch = join(folder, 'scratch');
    const finished = jest.fn();
    const work = { wroteRows: async () => undefined, finished } as unknown as ExportWork;
    const key = { organizationId, id: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11' };
    await mkdir(scratch);
    await writeFile(join(scratch, `${key.id}.csv`), 'what an attempt that died has left');
    const making = { directory: new Directory(pool), shards, storage, reportTables: [table], scratch };
    expect(await makeReport(making, key, work, { ...ask, format: 'csv' })).toBe(true);
    expect(storage.openMeanwhile).toBe(0);
    expect(finished.mock.calls).toEqual([
      [key, expect.any(Number), expect.anything(), { report: expect.anything(), rows: ROWS }],
    ]);
    expect(await readdir(scratch)).toEqual([]);
    const { content } = (await storage.open(reportFileOf(organizationId, key.id, 'csv')))!;
    const lines = (await text(content)).trim().split(/\r?\n/);
    expect([lines.length, lines.at(-1)]).toEqual([1 + ROWS, String(ROWS)]);
  });
});
