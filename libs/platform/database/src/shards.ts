import { DomainError } from '@innkeep/contracts';
import type { Pool, PoolClient } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { keepPlans } from './connections';
import { databaseProblems } from './unavailable';
import { untilAnswering } from './until-answering';

export interface ShardSettings {
  readonly url: string;
  /** Connections of this process to the shard. For two cores, 8 to 16 over all processes are fastest. */
  readonly poolSize: number;
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, new or free again; a minute unless told otherwise, for tools can wait where requests cannot. */
  readonly waitMs?: number;
  readonly entities?: EntitySchema[];
  /** Whether statements are planned once for each connection, as they are unless told otherwise. Not behind a pooler that knows no prepared statements. */
  readonly keepsPlans?: boolean;
  /**
   * What is written can be made again from the log: a commit is answered before it is on the disk. A crash of the database may
   * then undo the last moments of it, rows and checkpoint together.
   */
  readonly isDerived?: boolean;
}

/** Batches differ in their numbers only: one plan serves all of them, and a plan made for a list of numbers costs more than its use. */
const FOLDING = '-c synchronous_commit=off -c plan_cache_mode=force_generic_plan';

/** How many may wait for each connection of a pool. */
const WAITING_FOR_EACH = 32;

const ignore = () => undefined;

/**
 * A connection that is lost while it is lent, but between two statements, says so by an event; unheard, that event would end the
 * process. Whoever holds the connection learns it from the next statement.
 */
function surviveLoss(client: PoolClient): void {
  if (!client.listeners('error').includes(ignore)) client.on('error', ignore);
}

/** One PostgreSQL cluster that holds whole buckets: TypeORM's data source and, below it, the pool that hot paths speak SQL through. */
export class Shard {
  private constructor(
    readonly name: string,
    readonly dataSource: DataSource,
    readonly pool: Pool,
  ) {}

  /**
   * A connection, to be released. Refused at once while so many wait for one that the last would wait longer than a client does.
   * @throws DomainError service-unavailable
   */
  async connect(): Promise<PoolClient> {
    if (this.pool.waitingCount >= this.pool.options.max * WAITING_FOR_EACH)
      throw new DomainError(databaseProblems['service-unavailable'], 'The service is busy. Try again in a moment.', {
        headers: { 'retry-after': '1' },
      });
    return this.pool.connect();
  }

  /** Connects to a shard, and waits a minute for one that does not answer yet. */
  static async open(name: string, settings: ShardSettings): Promise<Shard> {
    const dataSource = await untilAnswering(() => Shard.source(settings).initialize());
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    pool.on('acquire', surviveLoss);
    // Not at `connect`: TypeORM has made its first connection already.
    if (settings.keepsPlans ?? true) pool.on('acquire', keepPlans);
    return new Shard(name, dataSource, pool);
  }

  private static source(settings: ShardSettings): DataSource {
    return new DataSource({
      type: 'postgres',
      url: settings.url,
      entities: settings.entities ?? [],
      synchronize: false,
      migrationsRun: false,
      // A broken idle connection is an event of the pool, not of a request: the next request gets another connection.
      poolErrorHandler: () => undefined,
      extra: {
        max: settings.poolSize,
        application_name: settings.applicationName,
        // Statements that do not depend on each other's answers travel together: a third of the latency of a write.
        pipeline: true,
        keepAlive: true,
        connectionTimeoutMillis: settings.waitMs ?? 60_000,
        idle_in_transaction_session_timeout: 15_000,
        statement_timeout: settings.statementTimeoutMs ?? 15_000,
        lock_timeout: 5_000,
        ...(settings.isDerived && { options: FOLDING }),
      },
    });
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** The shards this process can reach, by name. An unknown name is an error, never a default: data must not end up on the wrong one. */
export class Shards {
  private readonly byName: ReadonlyMap<string, Shard>;

  constructor(readonly all: readonly Shard[]) {
    this.byName = new Map(all.map((shard) => [shard.name, shard]));
  }

  get(name: string): Shard {
    const shard = this.byName.get(name);
    if (!shard) throw new Error(`no shard by the name ${name} is configured`);
    return shard;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((shard) => shard.close()));
  }
}
