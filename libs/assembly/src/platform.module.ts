import type { SharedEnvironment } from '@innkeep/platform/config';
import { CommitHints, Directory, Reader, Shard, Shards, UnitOfWork, untilAnswering } from '@innkeep/platform/database';
import { EdgeState } from '@innkeep/platform/edge';
import { RedisCommitHints } from '@innkeep/platform/events';
import { connectRedis } from '@innkeep/platform/jobs';
import { MasterKeys, SubjectSealer, checkMasterKeys } from '@innkeep/platform/privacy';
import { type Logger, StaleReadMetrics } from '@innkeep/platform/telemetry';
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { register } from 'prom-client';

export const LOGGER = Symbol('logger');
const DIRECTORY_POOL = Symbol('directory-pool');

/** The shard of a laptop; further ones are configured beside it. */
const FIRST_SHARD = 'shard-1';

/** What every process of the product stands on: directory, shards, unit of work, reader, Redis, logger. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly shards: Shards,
    private readonly redis: Redis,
    @Inject(DIRECTORY_POOL) private readonly directoryPool: Pool,
  ) {}

  static forApp(app: string, environment: SharedEnvironment, logger: Logger): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: LOGGER, useValue: logger },
        {
          provide: Shards,
          useFactory: async () => {
            const settings = {
              url: environment.DATABASE_URL,
              poolSize: environment.DATABASE_POOL_SIZE,
              waitMs: environment.DATABASE_WAIT_MS,
              applicationName: `innkeep-${app}`,
              keepsPlans: environment.DATABASE_PREPARED_STATEMENTS === 'on',
              isDerived: app === 'projector',
            };
            return new Shards([await Shard.open(FIRST_SHARD, settings)]);
          },
        },
        {
          provide: MasterKeys,
          // Here, because a process without a key that it is going to need had better not start.
          useFactory: async (shards: Shards) => {
            const masterKeys = MasterKeys.fromJson(environment.MASTER_KEYS);
            for (const { pool } of shards.all) await untilAnswering(() => checkMasterKeys(pool, masterKeys));
            return masterKeys;
          },
          inject: [Shards],
        },
        {
          provide: DIRECTORY_POOL,
          useFactory: () => {
            const pool = new Pool({
              connectionString: environment.DIRECTORY_DATABASE_URL ?? environment.DATABASE_URL,
              max: 2,
              application_name: `innkeep-${app}-directory`,
              connectionTimeoutMillis: environment.DATABASE_WAIT_MS,
              statement_timeout: 5_000,
              allowExitOnIdle: true,
            });
            // A broken idle connection is replaced by the next request; it must not end the process.
            pool.on('error', () => undefined);
            return pool;
          },
        },
        { provide: Directory, useFactory: (pool: Pool) => new Directory(pool), inject: [DIRECTORY_POOL] },
        { provide: EdgeState, useFactory: (pool: Pool) => new EdgeState(pool), inject: [DIRECTORY_POOL] },
        { provide: Redis, useFactory: () => connectRedis(environment.REDIS_URL) },
        { provide: CommitHints, useFactory: (redis: Redis) => new RedisCommitHints(redis), inject: [Redis] },
        {
          provide: UnitOfWork,
          useFactory: (directory: Directory, shards: Shards, hints: CommitHints, masterKeys: MasterKeys) =>
            new UnitOfWork(directory, shards, hints, new SubjectSealer(masterKeys)),
          inject: [Directory, Shards, CommitHints, MasterKeys],
        },
        {
          provide: Reader,
          useFactory: (directory: Directory, shards: Shards) =>
            new Reader(directory, shards, new StaleReadMetrics(register)),
          inject: [Directory, Shards],
        },
      ],
      exports: [LOGGER, Shards, MasterKeys, Directory, EdgeState, Redis, CommitHints, UnitOfWork, Reader],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.redis.disconnect();
    await Promise.all([this.shards.close(), this.directoryPool.end()]);
  }
}
