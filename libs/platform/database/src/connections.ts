import { createHash } from 'node:crypto';
import { type ClientBase, type PoolClient, Query, type QueryResult } from 'pg';
import type { Sql } from './sql';

/** How many different statements a process names at most; what comes after them is planned anew each time. */
const MAX_NAMED = 1_000;
/** Texts beyond this are put together from lists and hardly come twice. */
const MAX_LENGTH = 20_000;

const keeping = new WeakSet<object>();
const names = new Map<string, string>();

/** One name for one text, in every process of every release, so that a pooler may mix their connections. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MAX_NAMED || text.length > MAX_LENGTH) return known;
  const name = `s_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
  names.set(text, name);
  return name;
}

/**
 * Gives every statement with parameters a name on this connection, so that PostgreSQL plans it once for the session and not each
 * time: for short statements the plan costs more than the work. Not behind a pooler that knows no prepared statements in
 * transaction mode (PgBouncer before 1.21).
 */
export function keepPlans(client: PoolClient): void {
  if (keeping.has(client)) return;
  keeping.add(client);
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((statement: unknown, values: unknown, ...rest: unknown[]) => {
    const name = typeof statement === 'string' && Array.isArray(values) ? nameOf(statement) : undefined;
    return name ? query({ name, text: statement, values }, ...rest) : query(statement, values, ...rest);
  }) as PoolClient['query'];
}

/**
 * Holds back what is sent on this connection until the statements of this turn are all issued: they leave in one packet, which
 * wakes the server once and costs one system call.
 */
export function sendTogether(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  // After the promises of this turn, so that statements behind an `await` of something known already travel along.
  process.nextTick(() => stream.uncork());
}

/** Sends a statement that was put together from parts. */
export function runSql(client: Pick<ClientBase, 'query'>, statement: Sql): Promise<QueryResult> {
  const { text, values } = statement.compile();
  return client.query(text, values);
}

/**
 * Hands over the rows of a statement one by one, as they come: none is kept, so that thousands of large ones are never there at once.
 * The first error of who takes them, or of the statement, is thrown at the end.
 */
export async function eachRow<Row>(
  client: Pick<ClientBase, 'query'>,
  { text, values }: { readonly text: string; readonly values: unknown[] },
  take: (row: Row) => void,
): Promise<void> {
  const query = new Query({ name: keeping.has(client) ? nameOf(text) : undefined, text, values });
  let failure: unknown;
  await new Promise<void>((resolve, reject) => {
    query.on('row', (row) => {
      if (failure !== undefined) return;
      try {
        take(row as Row);
      } catch (error) {
        // Thrown on from here it would be the connection's, and nobody's.
        failure = error;
      }
    });
    query.once('end', () => resolve());
    query.once('error', reject);
    client.query(query);
  });
  if (failure !== undefined) throw failure;
}

/** A plan that was kept is void because a table has changed its columns: true once for each connection, a new one plans anew. */
export const isPlanOutdated = (error: unknown): boolean =>
  (error as { code?: string }).code === '0A000' &&
  /cached plan must not change result type/.test((error as Error).message);
