import { CommitHints, Directory, type OrganizationRoute, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { MasterKeys } from '@innkeep/platform/privacy';
import { type TestDatabase, createTestDatabase, testMasterKeys } from '@innkeep/testing';
import { Pool } from 'pg';
import type { Proving } from './proof';

/** The keys of every process in a proof. */
export const masterKeys = MasterKeys.fromJson(testMasterKeys);

/** A database of the proof's own, with the write path that the API has. */
export interface ProofDatabase {
  readonly database: TestDatabase;
  readonly directory: Directory;
  readonly shards: Shards;
  readonly unitOfWork: UnitOfWork;
  /** A shard as a projector process has it. */
  openShard(applicationName: string): Promise<Shard>;
  /** Runs statements as the administrator, behind row-level security. */
  asAdmin<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** How many events the live projections have not folded yet. */
  eventsBehind(): Promise<number>;
}

export interface ProofDatabaseOptions {
  readonly poolSize: number;
  committed?(route: OrganizationRoute): void;
}

class Told extends CommitHints {
  constructor(readonly committed: (route: OrganizationRoute) => void) {
    super();
  }
}

/** Clones the migrated template; everything is closed and dropped at the end of the proof. */
export async function openProofDatabase(proving: Proving, options: ProofDatabaseOptions): Promise<ProofDatabase> {
  const { poolSize, committed = () => undefined } = options;
  const database = await createTestDatabase();
  proving.atEnd(() => database.drop());
  const admin = new Pool({ connectionString: database.adminUrl, max: 3 });
  proving.atEnd(() => admin.end());
  const url = database.urlFor('api');
  const directoryPool = new Pool({ connectionString: url, max: 2 });
  proving.atEnd(() => directoryPool.end());
  const open = async (role: 'api' | 'projector', size: number, applicationName: string) => {
    const shard = await Shard.open('shard-1', { url: database.urlFor(role), poolSize: size, applicationName });
    proving.atEnd(() => shard.close());
    return shard;
  };
  const shards = new Shards([await open('api', poolSize, 'proof-writers')]);
  const directory = new Directory(directoryPool);
  const asAdmin = async <Row>(text: string, values: unknown[] = []) => (await admin.query(text, values)).rows as Row[];
  return {
    database,
    directory,
    shards,
    unitOfWork: new UnitOfWork(directory, shards, new Told(committed)),
    openShard: (applicationName) => open('projector', 3, applicationName),
    asAdmin,
    eventsBehind: async () => {
      const [row] = await asAdmin<{ behind: string }>(
        `select coalesce(sum(b.position - c.position), 0) as behind from events.buckets b join events.checkpoints c using (bucket) where c.track = 'live'`,
      );
      return Number(row!.behind);
    },
  };
}
