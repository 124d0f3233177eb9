import { z } from 'zod';

/** A TCP port; 0 lets the system choose one. */
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

/** What every process of the product reads from its environment. */
export const sharedEnvironment = z.object({
  /** Connection of this process's own database role, on the only (or first) shard. */
  DATABASE_URL: z.string().min(1),
  /** The directory's database; by default a schema of the same one. */
  DIRECTORY_DATABASE_URL: z.string().min(1).optional(),
  /** Connections of this process to the shard. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(500).default(8),
  /** How long a request waits for a connection, new or free again, before it is refused. */
  DATABASE_WAIT_MS: z.coerce.number().int().min(100).max(600_000).default(5_000),
  /** `off` behind a pooler that knows no prepared statements in transaction mode, such as PgBouncer before 1.21. */
  DATABASE_PREPARED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  /** Redis in the role `state`: queues, rate limits, fan-out. Must not evict. */
  REDIS_URL: z.string().min(1),
  /** Redis in the role `cache`: may evict. By default the same server. */
  REDIS_CACHE_URL: z.string().min(1).optional(),
  /** Keys that wrap the keys of persons, a JSON array of symmetric JWKs; the first wraps, all unwrap. The same for all processes. */
  MASTER_KEYS: z.string().min(2),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
export type SharedEnvironment = z.infer<typeof sharedEnvironment>;

/** Reads and checks the environment; a process that is not configured says everything that is missing, and ends. */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  // An empty variable is how compose files and shells spell "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`);
}
