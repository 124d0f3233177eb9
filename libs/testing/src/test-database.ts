import { createHmac, randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A migrated database of one test file's own, and the addresses of every role in it. */
export interface TestDatabase {
  readonly name: string;
  readonly adminUrl: string;
  readonly roleSecret: string;
  urlFor(role: 'migrator' | 'api' | 'projector' | 'worker' | 'viewer'): string;
  /** Runs statements as the administrator: to look behind row-level security, or to break something. */
  asAdmin<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by npm test, which starts PostgreSQL and Redis`);
  return value;
}

const withDatabase = (adminUrl: string, database: string) => {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url;
};

async function once<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Clones the migrated template. Call `drop` when the file's tests are over. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = required('TEST_ADMIN_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await once(server, `create database ${name} template ${required('TEST_TEMPLATE')}`);
  // Grants on a database are not part of a clone.
  const roles = ['innkeep_migrator', 'innkeep_api', 'innkeep_projector', 'innkeep_worker', 'innkeep_viewer'];
  await once(server, `grant connect on database ${name} to ${roles.join(', ')}`);
  await once(server, `grant temporary on database ${name} to innkeep_projector, innkeep_viewer`);
  return testDatabase(name);
}

/** A database that is there already, made by `createTestDatabase`. */
export function testDatabase(name: string): TestDatabase {
  const server = required('TEST_ADMIN_URL');
  const secret = required('TEST_ROLE_SECRET');
  const adminUrl = withDatabase(server, name).toString();
  return {
    name,
    adminUrl,
    roleSecret: secret,
    urlFor: (role) => {
      const url = withDatabase(server, name);
      url.username = `innkeep_${role}`;
      url.password = createHmac('sha256', secret).update(url.username).digest('base64url');
      return url.toString();
    },
    asAdmin: (text, values) => once(adminUrl, text, values),
    drop: async () => {
      await once(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** The folder of the test run: it goes with it. */
export const testFolder = (): string => required('TEST_FOLDER');

/** The servers of the test run, as the administrator: outside of any test's database. */
export const testAdminUrl = (): string => required('TEST_ADMIN_URL');

/** The Redis servers of the test run. They are shared by all test files: use keys of your own. */
export const testRedis = () => ({ state: required('TEST_REDIS_URL'), cache: required('TEST_REDIS_CACHE_URL') });
