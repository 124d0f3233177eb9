import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppName,
  AppProcess,
  Reaper,
  type TestDatabase,
  createTestDatabase,
  freePorts,
  testMasterKeys,
  testRedis,
} from '@innkeep/testing';
import { Redis } from 'ioredis';
import { ApiClient, holdAnswersAgainst } from './api-client';
import { PublishedDocument } from './published-document';
import { newSigningKey } from './signing-key';
import { startTool } from './tools';
import { watchFailures } from './test-outcome';

export type Ports = Readonly<Record<AppName, number>>;

export interface SystemOptions {
  /** Further variables for all three apps; what it starts is to be ended by `atEnd`. */
  readonly environment?: (ports: Ports) => Promise<Record<string, string>> | Record<string, string>;
  /** Further variables for the API alone. */
  readonly apiEnvironment?: Readonly<Record<string, string>>;
}

export const operator = { email: 'operator@innkeep.example', password: 'keeps the whole inn' };

const apps = ['api', 'projector', 'worker'] as const;
const LINES_SHOWN = 30;
const LINE_LENGTH_SHOWN = 1_500;

/** Enough for any test: what the limits do is tested where they are. */
const noLimits = Object.fromEntries(
  [
    ...['WRITE_USER', 'WRITE_ORGANIZATION', 'READ_USER', 'SIGNED_URL_USER', 'SIGNED_URL_ORGANIZATION', 'ADDRESS'].map(
      (name) => `RATE_LIMIT_${name}`,
    ),
    'SIGN_IN_FREE_ATTEMPTS_ADDRESS',
    'SIGN_IN_FREE_ATTEMPTS_ACCOUNT',
  ]
    .map((name) => [name, '1000000'])
    .concat([['RATE_LIMIT_PLAN', 'off']]),
);

/** Each worker of jest has a Redis database of its own, so that a test may flush it. */
function ownRedis(url: string): string {
  const own = new URL(url);
  own.pathname = `/${Number(process.env.JEST_WORKER_ID ?? 1) % 16}`;
  return own.toString();
}

/**
 * The three apps on a database of their own, for the tests of one file: started before them, stopped after them, and their logs
 * are shown when one of them fails.
 */
export class InnkeepUnderTest {
  readonly signingKeys = [newSigningKey('test-1')];
  readonly redisUrl = ownRedis(testRedis().state);
  api!: AppProcess;
  projector!: AppProcess;
  worker!: AppProcess;
  database!: TestDatabase;
  /** Where this system keeps files. */
  dataDir!: string;
  private readonly endings: (() => Promise<unknown>)[] = [];
  private reaper: Reaper | undefined;
  private readonly tokenSecret = randomBytes(32).toString('base64url');
  private own: Record<string, string> = {};
  private ports!: Ports;
  private readonly hasFailed = watchFailures();

  constructor(private readonly options: SystemOptions = {}) {
    jest.setTimeout(240_000);
    beforeAll(() => this.start());
    afterAll(() => this.end());
  }

  get url(): string {
    return this.api.url;
  }

  get all(): AppProcess[] {
    return [this.api, this.projector, this.worker].filter(Boolean);
  }

  /** The API for somebody who is not signed in. */
  get anybody(): ApiClient {
    return new ApiClient(this.url);
  }

  /** Has something ended behind the tests, before what it depends on: hooks of the spec would run too late. */
  atEnd(ending: () => Promise<unknown>): void {
    this.endings.push(ending);
  }

  async flushRedis(): Promise<void> {
    const redis = new Redis(this.redisUrl);
    await redis.flushdb();
    await redis.quit();
  }

  /** The variables that tools need to reach this system's database. */
  get adminEnvironment(): Record<string, string> {
    return {
      DATABASE_URL: this.database.adminUrl,
      DATABASE_ROLE_SECRET: this.database.roleSecret,
      MASTER_KEYS: testMasterKeys,
    };
  }

  /** Makes the operator if there is none, and signs in. */
  async signInOperator(): Promise<ApiClient> {
    const args = ['create', '--email', operator.email, '--password', operator.password];
    const { code, output } = await startTool('operator', args, this.adminEnvironment).ended;
    if (code !== 0) throw new Error(output);
    const answer = await this.anybody.post('/v1/system/auth/login', operator);
    return new ApiClient(this.url, answer.as<{ accessToken: string }>(200).accessToken);
  }

  private async start(): Promise<void> {
    const [api, projector, worker] = (await freePorts(3)) as [number, number, number];
    const ports = (this.ports = { api, projector, worker });
    this.reaper = new Reaper();
    this.database = await createTestDatabase();
    this.dataDir = await mkdtemp(join(tmpdir(), 'innkeep-files-'));
    await this.flushRedis();
    const own = (this.own = (await this.options.environment?.(ports)) ?? {});
    [this.api, this.projector, this.worker] = apps.map(
      (name) =>
        new AppProcess({
          name,
          port: ports[name],
          reaper: this.reaper!,
          environment: { ...this.environmentOf(name, ports), ...own },
        }),
    ) as [AppProcess, AppProcess, AppProcess];
    await Promise.all(this.all.map((app) => app.start()));
    // Where operators have a port of their own it is not told to the world.
    const document = await this.anybody.get('/openapi.json');
    if (document.status === 200) holdAnswersAgainst(new PublishedDocument(document.text));
  }

  /** Starts another process of the API beside the one there is, with further variables if there are any; it ends with the tests. */
  async startAnotherApi(more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const [port] = (await freePorts(1)) as [number];
    const environment = { ...this.environmentOf('api', { ...this.ports, api: port }), ...this.own, ...more };
    const api = new AppProcess({ name: 'api', label: 'another api', port, reaper: this.reaper!, environment });
    this.atEnd(() => api.stop());
    await api.start();
    return api;
  }

  private environmentOf(app: AppName, ports: Ports): Record<string, string> {
    const shared = {
      PATH: process.env.PATH ?? '',
      // Far from every property in the tests: the server's own zone must not matter.
      TZ: 'America/Anchorage',
      DATABASE_URL: this.database.urlFor(app),
      DATABASE_POOL_SIZE: '5',
      REDIS_URL: this.redisUrl,
      MASTER_KEYS: testMasterKeys,
      DATA_DIR: this.dataDir,
      HOST: '127.0.0.1',
      PORT: String(ports.api),
      PROJECTOR_PORT: String(ports.projector),
      WORKER_PORT: String(ports.worker),
    };
    if (app !== 'api') return shared;
    return {
      ...shared,
      ...noLimits,
      // A busy machine is not what these tests are about.
      MAX_EVENT_LOOP_DELAY_MS: '60000',
      SIGNING_KEYS: JSON.stringify(this.signingKeys),
      TOKEN_SECRET: this.tokenSecret,
      ...this.options.apiEnvironment,
    };
  }

  private async end(): Promise<void> {
    try {
      this.all.forEach((app) => app.assertDidNotCrash());
    } finally {
      for (const ending of this.endings.reverse()) await ending();
      await Promise.all(this.all.map((app) => app.stop()));
      await this.reaper?.close();
      await this.database?.drop();
      if (this.dataDir) await rm(this.dataDir, { recursive: true, force: true });
      if (this.hasFailed()) this.showLogs();
    }
  }

  private showLogs(): void {
    for (const { name, lines } of this.all) {
      const earlier = lines.slice(0, -LINES_SHOWN).filter((line) => /"level":"(warn|error|fatal)"/.test(line));
      const shown = [...earlier.slice(-LINES_SHOWN), ...lines.slice(-LINES_SHOWN)];
      const text = shown.map((line) => line.slice(0, LINE_LENGTH_SHOWN)).join('\n');
      process.stderr.write(`\n--- ${name} (${lines.length} lines)\n${text}\n`);
    }
  }
}
