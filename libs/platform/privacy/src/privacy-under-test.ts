import { defineEvent, subjects } from '@innkeep/contracts';
import { CommitHints, Directory, type EventSealer, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import {
  type TestDatabase,
  type TestOrganization,
  createTestDatabase,
  ownerOf,
  testMasterKeys,
} from '@innkeep/testing';
import { Pool } from 'pg';
import { z } from 'zod';
import { MasterKeys } from './master-keys';
import { SubjectSealer } from './subject-sealer';

/** An event of the tests' own: somebody says something. */
export const Said = defineEvent(
  'Said',
  1,
  z.object({ userId: z.number(), text: z.string().nullable(), loud: z.boolean() }),
  {},
  { subject: ({ userId }) => subjects.user(userId), fields: ['text'] },
);

class NoHints extends CommitHints {
  committed(): void {}
}

/** A writer whose events are sealed, on a database of the test file's own. */
export interface PrivacyUnderTest {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly unitOfWork: UnitOfWork;
  /** The payloads in the log of an organization, in order. */
  payloads(organization: TestOrganization): Promise<Record<string, unknown>[]>;
  /** A further writer, with a sealer of its own or without one. */
  writerWith(sealer?: EventSealer): UnitOfWork;
  close(): Promise<void>;
}

export async function openPrivacy(): Promise<PrivacyUnderTest> {
  const database = await createTestDatabase();
  const url = database.urlFor('api');
  const pool = new Pool({ connectionString: url, max: 2 });
  const shard = await Shard.open('shard-1', { url, poolSize: 6, applicationName: 'privacy-under-test' });
  const writerWith = (sealer?: EventSealer) =>
    new UnitOfWork(new Directory(pool), new Shards([shard]), new NoHints(), sealer);
  return {
    database,
    pool,
    unitOfWork: writerWith(new SubjectSealer(MasterKeys.fromJson(testMasterKeys))),
    writerWith,
    payloads: async ({ organizationId }) =>
      (
        await database.asAdmin<{ data: Record<string, unknown> }>(
          'select data from events.log where organization_id = $1 order by version',
          [organizationId],
        )
      ).map(({ data }) => data),
    close: async () => {
      await Promise.all([shard.close(), pool.end()]);
      await database.drop();
    },
  };
}

export const contextOf = ({ organizationId }: TestOrganization) => ({
  principal: ownerOf(organizationId),
  requestId: 'a-request',
});
