import { type TestDatabase, type TestOrganization, createTestDatabase, ownerOf } from '@innkeep/testing';
import { Pool } from 'pg';
import { Directory } from './directory';
import { type IdempotencyKey } from './idempotency';
import { Reader } from './reader';
import { Shard, Shards } from './shards';
import { sql } from './sql';
import { CommitHints, type CommandContext, UnitOfWork } from './unit-of-work';
import type { OrganizationTransaction } from './organization-transaction';

/** A tenant table of the tests' own: what it proves of the platform must not hang on a feature. */
const notes = `
create schema notes;
grant usage on schema notes to innkeep_api;
create table notes.notes (
  bucket smallint not null,
  organization_id bigint not null,
  id text not null,
  follows text,
  version bigint not null,
  primary key (bucket, organization_id, id),
  constraint notes_follow_a_note foreign key (bucket, organization_id, follows) references notes.notes deferrable initially deferred
);
select app.protect('notes.notes');
grant select, insert, update on notes.notes to innkeep_api`;

class CountedHints extends CommitHints {
  count = 0;
  committed(): void {
    this.count++;
  }
}

/** The database library as the API uses it, on a database of the test file's own. */
export interface DatabaseUnderTest {
  readonly database: TestDatabase;
  readonly shards: Shards;
  readonly directory: Directory;
  readonly unitOfWork: UnitOfWork;
  readonly reader: Reader;
  readonly hints: CountedHints;
  close(): Promise<void>;
}

export const applicationName = 'innkeep-api-under-test';

export async function openDatabase({ poolSize = 8 } = {}): Promise<DatabaseUnderTest> {
  const database = await createTestDatabase();
  await database.asAdmin(notes);
  const url = database.urlFor('api');
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  const shards = new Shards([await Shard.open('shard-1', { url, poolSize, applicationName })]);
  const directory = new Directory(pool);
  const hints = new CountedHints();
  return {
    database,
    shards,
    directory,
    hints,
    unitOfWork: new UnitOfWork(directory, shards, hints),
    reader: new Reader(directory, shards),
    close: async () => {
      await Promise.all([shards.close(), pool.end()]);
      await database.drop();
    },
  };
}

export const contextFor = ({ organizationId }: TestOrganization, idempotency?: IdempotencyKey): CommandContext => ({
  principal: ownerOf(organizationId),
  requestId: 'a-request',
  idempotency,
});

/** Adds a note under the version of the transaction's last event. */
export const addNote = (unit: OrganizationTransaction, id: string, follows: string | null = null) =>
  unit.write(sql`
    insert into notes.notes (bucket, organization_id, id, follows, version)
    values (${unit.bucket}, ${unit.organizationId}, ${id}, ${follows}, (select version from head))`);

/** An event of the tests' own. The log takes any type; that only known ones are recorded is the features' affair. */
export const noteAdded = (id: string) => ({ type: 'NoteAdded', schemaVersion: 1, entityId: id, data: { id } });
