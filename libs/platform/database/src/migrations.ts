import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { databaseRoles, rolePassword, roleUrl } from './role-urls';

/** A migration: plain SQL under a number (a timestamp in milliseconds) and a name. */
export type Migration = (new () => MigrationInterface) & { readonly number: number };

/** Declares a migration. Migrations only go forward: what was wrong is put right by the next one. */
export function sqlMigration(number: number, name: string, statements: string): Migration {
  return class implements MigrationInterface {
    static readonly number = number;
    readonly name = `${name}-${number}`;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(statements);
    }
    async down(): Promise<void> {
      throw new Error('migrations only go forward');
    }
  };
}

/**
 * Makes the roles, and lets the migrator own the database named in the URL. Runs as a role that may create roles, once for each
 * installation; repeating it changes nothing.
 */
export async function prepareRoles(adminUrl: string, secret: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // Two installers at once take turns.
    await client.query("select pg_advisory_lock(hashtext('innkeep.prepare'))");
    for (const role of Object.values(databaseRoles)) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      const password = client.escapeLiteral(rolePassword(role, secret));
      const attributes = `login noinherit nosuperuser nocreatedb nocreaterole nobypassrls password ${password}`;
      await client.query(`${rowCount ? 'alter' : 'create'} role ${role} ${attributes}`);
    }
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    const database = client.escapeIdentifier(rows[0]!.name);
    await client
      .query(`grant ${databaseRoles.viewer} to ${databaseRoles.migrator} with inherit true, set true`)
      .catch(() =>
        // Before PostgreSQL 16 a membership has no options of its own.
        client.query(`grant ${databaseRoles.viewer} to ${databaseRoles.migrator}`),
      );
    await client.query(`alter role ${databaseRoles.migrator} inherit`);
    await client.query(`grant all on database ${database} to ${databaseRoles.migrator}`);
    await client.query(`revoke all on database ${database} from public`);
    await client.query(`grant connect on database ${database} to ${Object.values(databaseRoles).join(', ')}`);
    // The projector reads batches into a table of its session; refreshing a view concurrently compares through one.
    await client.query(
      `grant temporary on database ${database} to ${databaseRoles.projector}, ${databaseRoles.viewer}`,
    );
    await client.query('revoke create on schema public from public');
  } finally {
    await client.end();
  }
}

const appRoles = [databaseRoles.api, databaseRoles.projector, databaseRoles.worker].join(', ');

/** Runs the migrations that have not run yet, in the order of their numbers, as the migrator. Returns their names. */
export async function migrate(adminUrl: string, secret: string, migrations: readonly Migration[]): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: roleUrl(adminUrl, databaseRoles.migrator, secret),
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    schema: 'innkeep',
    extra: { max: 1 },
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    await dataSource.query('create schema if not exists innkeep');
    // Two migrators at once (two instances of a deployment) wait for each other instead of failing.
    await dataSource.query("select pg_advisory_lock(hashtext('innkeep.migrate'))");
    const done = await dataSource.runMigrations();
    // Processes are ready only on a database that has what their code expects.
    await dataSource.query(
      `grant usage on schema innkeep to ${appRoles}; grant select on innkeep.migrations to ${appRoles}`,
    );
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
