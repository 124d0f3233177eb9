import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningPgBouncer, type TestOrganization, addOrganizations, startPgBouncer } from '@innkeep/testing';
import { Pool } from 'pg';
import {
  type DatabaseUnderTest,
  addNote,
  applicationName,
  contextFor,
  noteAdded,
  openDatabase,
} from './database-under-test';
import { Directory } from './directory';
import { Reader } from './reader';
import { Shard, Shards } from './shards';
import { sql } from './sql';
import { CommitHints, UnitOfWork } from './unit-of-work';

const TRANSACTIONS = 10_000;
/** More clients than connections: nearly every transaction gets a connection on which somebody else has just been. */
const CLIENTS = 40;
const CONNECTIONS = 4;

class Unheard extends CommitHints {
  committed(): void {}
}

describe('behind PgBouncer in transaction mode', () => {
  let under: DatabaseUnderTest;
  let pooler: RunningPgBouncer;
  let shards: Shards;
  let bare: Pool;
  let organizations: readonly TestOrganization[];

  beforeAll(async () => {
    under = await openDatabase({ poolSize: 2 });
    pooler = await startPgBouncer(under.database.urlFor('api'), CONNECTIONS);
    const settings = { url: pooler.url, poolSize: CLIENTS, applicationName, keepsPlans: false };
    shards = new Shards([await Shard.open('shard-1', settings)]);
    bare = new Pool({ connectionString: pooler.url, max: CLIENTS });
    organizations = await addOrganizations(
      under.database,
      Array.from({ length: 20 }, (_, bucket) => bucket),
    );
  });
  afterAll(async () => {
    await Promise.all([shards?.close(), bare?.end()]);
    await pooler?.stop();
    await under.close();
  });

  it('no transaction of ten thousand finds the organization of another, and without one there are no rows', async () => {
    const unitOfWork = new UnitOfWork(new Directory(bare), shards, new Unheard());
    const reader = new Reader(new Directory(bare), shards);
    const written = new Map(organizations.map(({ organizationId }) => [organizationId, 0]));
    const wrong: unknown[] = [];
    const note = (organization: TestOrganization, id: string, fails: boolean) =>
      unitOfWork.run(contextFor(organization), async (unit) => {
        addNote(unit, id);
        unit.record(noteAdded(id));
        if (fails) throw new Error('after all not');
      });
    const kinds: ((organization: TestOrganization, n: number) => Promise<unknown>)[] = [
      async (organization, n) => {
        await note(organization, `note ${n}`, false);
        written.set(organization.organizationId, written.get(organization.organizationId)! + 1);
      },
      (organization, n) => note(organization, `note ${n}`, true).catch(() => undefined),
      async ({ organizationId }) => {
        const { rows } = await reader.read<{ id: string }>(
          { organizationId },
          () => sql`select distinct organization_id as id from notes.notes`,
        );
        if (rows.some(({ id }) => Number(id) !== organizationId)) wrong.push({ organizationId, rows });
      },
      // A statement that fails inside a transaction, whose end the pooler has to see.
      ({ organizationId }) => reader.read({ organizationId }, () => sql`select 1 / 0`).catch(() => undefined),
      async () => {
        const { rows } = await bare.query(
          `select organization_id from notes.notes union all select organization_id from events.log
           union all select 0 where current_setting('app.organization_id', true) <> ''`,
        );
        if (rows.length > 0) wrong.push({ without: rows.length });
      },
    ];
    let next = 0;
    const client = async () => {
      for (let n = next++; n < TRANSACTIONS; n = next++) {
        const organization = organizations[(n * 7) % organizations.length]!;
        await kinds[(n * 11 + Math.floor(n / 13)) % kinds.length]!(organization, n);
        if (n % 50 === 0) await sleep(1);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    expect(wrong).toEqual([]);
    const kept = await under.database.asAdmin<{ id: string; notes: number; events: number }>(
      `select n.organization_id as id, count(*)::int as notes,
         (select count(*)::int from events.log l where l.organization_id = n.organization_id) as events
       from notes.notes n group by 1`,
    );
    const expected = [...written].map(([id, count]) => ({ id: String(id), notes: count, events: count }));
    expect(kept.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(
      expected.sort((a, b) => Number(a.id) - Number(b.id)),
    );
    expect(Math.min(...written.values())).toBeGreaterThan(0);
  });
});
