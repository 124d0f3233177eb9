import { Client } from 'pg';
import type { TestDatabase } from './test-database';

/** Lends a connection of its own, and closes it whatever happens. */
export async function withSession<Result>(url: string, use: (session: Client) => Promise<Result>): Promise<Result> {
  const session = new Client({ connectionString: url });
  // A test may end the connection from outside; what was running then fails by itself.
  session.on('error', () => undefined);
  await session.connect();
  try {
    return await use(session);
  } finally {
    await session.end().catch(() => undefined);
  }
}

/** Process ids of the sessions of the test's database that wait for a lock. */
export async function sessionsWaitingForLocks(database: TestDatabase): Promise<number[]> {
  const rows = await database.asAdmin<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.map(({ pid }) => pid);
}

/** Ends the server's side of all connections with this application name, as a crash of a process would. Answers how many. */
export async function endSessions(database: TestDatabase, applicationName: string): Promise<number> {
  const rows = await database.asAdmin(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1`,
    [applicationName],
  );
  return rows.length;
}
