import { features } from '@innkeep/assembly';
import { Shard, type ShardSettings } from '@innkeep/platform/database';
import { type Projection, Projector, type ProjectorObserver } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { type TestDatabase, createTestDatabase, testMasterKeys } from '@innkeep/testing';
import { Client } from 'pg';
import type { LogBench } from './experiment';

/** All read models of the product. */
export const readModels: readonly Projection[] = features.flatMap((feature) => [...(feature.projections ?? [])]);
export const DAILY_SUMMARY = 'reports_daily_summary';
export const masterKeys = MasterKeys.fromJson(testMasterKeys);

/** A fresh database of one experiment. */
export interface LogDatabase {
  readonly database: TestDatabase;
  /** As the administrator, behind row-level security. */
  readonly admin: Client;
  /** A shard as the API or the projector has it. */
  openShard(role: 'api' | 'projector', settings?: Partial<ShardSettings>): Promise<Shard>;
}

export async function openLogDatabase(bench: LogBench): Promise<LogDatabase> {
  const database = await createTestDatabase();
  bench.atEnd(() => database.drop());
  const admin = new Client({ connectionString: database.adminUrl, application_name: 'bench' });
  // Its next statement says it; a bench that is stopped has its servers to stop yet.
  admin.on('error', () => undefined);
  await admin.connect();
  bench.atEnd(() => admin.end());
  await admin.query('set synchronous_commit = off');
  return {
    database,
    admin,
    openShard: async (role, settings = {}) => {
      const shard = await Shard.open('shard-1', {
        url: database.urlFor(role),
        poolSize: 5,
        applicationName: `bench-${role}`,
        isDerived: role === 'projector',
        ...settings,
      });
      bench.atEnd(() => shard.close());
      return shard;
    },
  };
}

const silent: ProjectorObserver = {
  folded: () => undefined,
  reacted: () => undefined,
  failed: () => undefined,
  parked: () => undefined,
  outdated: () => undefined,
};

/** A projector without reactors; a failure ends the measurement. */
export function projectorOn(shard: Shard, projections: readonly Projection[], observer: Partial<ProjectorObserver>) {
  return new Projector(shard, projections, [], { ...silent, ...observer }, masterKeys);
}

/** Makes the tracks while the log is empty, so that the read models are live from its first event on. */
export async function register(shard: Shard, projections: readonly Projection[]): Promise<void> {
  const projector = projectorOn(shard, projections, {});
  await projector.start();
  await projector.stop();
}
