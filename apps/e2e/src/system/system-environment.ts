import { type AppName, type TestDatabase, testMasterKeys } from '@innkeep/testing';

export type Ports = Readonly<Record<AppName, number>>;

/** What the three apps of a system have in common. */
export interface SystemParts {
  readonly database: TestDatabase;
  readonly redisUrl: string;
  /** Where the system keeps files. */
  readonly dataDir: string;
  readonly signingKeys: readonly object[];
  readonly tokenSecret: string;
}

/** The one origin whose pages may call. */
export const page = 'https://app.innkeep.example';

/** Enough for any test: what the limits do is tested where they are. */
const noLimits = Object.fromEntries(
  [
    ...[
      'WRITE_USER',
      'WRITE_ORGANIZATION',
      'READ_USER',
      'SIGNED_URL_USER',
      'SIGNED_URL_ORGANIZATION',
      'ADDRESS',
      'FILE_ADDRESS',
    ].map((name) => `RATE_LIMIT_${name}`),
    'SIGN_IN_FREE_ATTEMPTS_ADDRESS',
    'SIGN_IN_FREE_ATTEMPTS_ACCOUNT',
  ]
    .map((name) => [name, '1000000'])
    .concat([['RATE_LIMIT_PLAN', 'off']]),
);

/** The variables of an app under test. */
export function environmentOf(
  app: AppName,
  ports: Ports,
  { database, redisUrl, dataDir, signingKeys, tokenSecret }: SystemParts,
): Record<string, string> {
  const shared = {
    PATH: process.env.PATH ?? '',
    // Far from every property in the tests: the server's own zone must not matter.
    TZ: 'America/Anchorage',
    DATABASE_URL: database.urlFor(app),
    DATABASE_POOL_SIZE: '5',
    REDIS_URL: redisUrl,
    MASTER_KEYS: testMasterKeys,
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    PROJECTOR_PORT: String(ports.projector),
    WORKER_PORT: String(ports.worker),
  };
  if (app !== 'api') return shared;
  return {
    ...shared,
    ...noLimits,
    CORS_ORIGINS: page,
    // A busy machine is not what these tests are about.
    MAX_EVENT_LOOP_DELAY_MS: '60000',
    SIGNING_KEYS: JSON.stringify(signingKeys),
    TOKEN_SECRET: tokenSecret,
  };
}
