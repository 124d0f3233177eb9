import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppName,
  type AppSettings,
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
import { type Ports, type SystemParts, environmentOf } from './system-environment';
import { watchFailures } from './test-outcome';
import { startTool } from './tools';

export interface SystemOptions {
  /** Further variables for all three apps; what it starts is to be ended by `atEnd`. */
  readonly environment?: (ports: Ports) => Promise<Record<string, string>> | Record<string, string>;
  /** Which of the three run, if the tests do not need all: each takes some seconds to start. */
  readonly apps?: readonly AppName[];
  /** Further variables for the API alone. */
  readonly apiEnvironment?: Readonly<Record<string, string>>;
}

export const operator = { email: 'operator@innkeep.example', password: 'keeps the whole inn' };

const apps = ['api', 'projector', 'worker'] as const;
/** What all files share has the last one. */
export const SHARED_REDIS = 15;
const LINES_SHOWN = 30;
const LINE_LENGTH_SHOWN = 1_500;

/** Each worker of jest has a Redis database of its own, so that a test may flush it. */
const ownRedis = () => Number(process.env.JEST_WORKER_ID ?? 1) % SHARED_REDIS;

function redisDatabase(number: number): string {
  const url = new URL(testRedis().state);
  url.pathname = `/${number}`;
  return url.toString();
}

/**
 * The three apps on a database of their own, for the tests of one file: started before them, stopped after them, and their logs
 * are shown when one of them fails.
 */
export class InnkeepUnderTest implements SystemParts {
  readonly signingKeys = [newSigningKey('test-1')];
  readonly tokenSecret = randomBytes(32).toString('base64url');
  readonly redisUrl: string;
  api!: AppProcess;
  projector!: AppProcess;
  worker!: AppProcess;
  database!: TestDatabase;
  /** Where this system keeps files. */
  dataDir!: string;
  private readonly endings: (() => Promise<unknown>)[] = [];
  protected ports!: Ports;
  private reaper: Reaper | undefined;
  private own: Record<string, string> = {};
  private readonly hasFailed = watchFailures();

  constructor(
    private readonly options: SystemOptions = {},
    redis = ownRedis(),
  ) {
    this.redisUrl = redisDatabase(redis);
    jest.setTimeout(240_000);
    beforeAll(() => this.begin());
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

  private async begin(): Promise<void> {
    await this.bringUp();
    // Where operators have a port of their own it is not told to the world.
    const document = await this.anybody.get('/openapi.json');
    if (document.status === 200) holdAnswersAgainst(new PublishedDocument(document.text));
  }

  protected async bringUp(): Promise<void> {
    this.reaper = new Reaper();
    this.database = await createTestDatabase();
    this.dataDir = await mkdtemp(join(tmpdir(), 'innkeep-files-'));
    await this.flushRedis();
    await this.choosePorts();
    this.own = (await this.options.environment?.(this.ports)) ?? {};
    const { reaper } = this;
    this.makeApps((name) => ({ reaper, environment: { ...this.environmentOf(name), ...this.own } }));
    const needed = this.options.apps ?? apps;
    await Promise.all(needed.map((name) => this[name].start()));
  }

  protected async choosePorts(): Promise<void> {
    const [api, projector, worker] = (await freePorts(3)) as [number, number, number];
    this.ports = { api, projector, worker };
  }

  protected makeApps(settingsOf: (name: AppName) => Omit<AppSettings, 'name' | 'port'>): void {
    [this.api, this.projector, this.worker] = apps.map(
      (name) => new AppProcess({ name, port: this.ports[name], ...settingsOf(name) }),
    ) as [AppProcess, AppProcess, AppProcess];
  }

  protected environmentOf(app: AppName, ports = this.ports): Record<string, string> {
    return { ...environmentOf(app, ports, this), ...(app === 'api' && this.options.apiEnvironment) };
  }

  /** Starts another process of the API beside the one there is, with further variables if there are any; it ends with the tests. */
  async startAnotherApi(more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const [port] = (await freePorts(1)) as [number];
    const environment = { ...this.environmentOf('api', { ...this.ports, api: port }), ...this.own, ...more };
    this.reaper ??= new Reaper();
    const api = new AppProcess({ name: 'api', label: 'another api', port, reaper: this.reaper, environment });
    this.atEnd(() => api.stop());
    await api.start();
    return api;
  }

  private async end(): Promise<void> {
    try {
      await this.assertAlive();
    } finally {
      for (const ending of this.endings.reverse()) await ending();
      await this.bringDown();
      await this.reaper?.close();
      if (this.hasFailed()) this.showLogs();
    }
  }

  protected async assertAlive(): Promise<void> {
    for (const app of this.all) app.assertDidNotCrash();
  }

  protected async bringDown(): Promise<void> {
    await Promise.all(this.all.map((app) => app.stop()));
    await this.database?.drop();
    if (this.dataDir) await rm(this.dataDir, { recursive: true, force: true });
  }

  private showLogs(): void {
    for (const { name } of this.all) {
      const lines = this.linesOf(name);
      const earlier = lines.slice(0, -LINES_SHOWN).filter((line) => /"level":"(warn|error|fatal)"/.test(line));
      const shown = [...earlier.slice(-LINES_SHOWN), ...lines.slice(-LINES_SHOWN)];
      const text = shown.map((line) => line.slice(0, LINE_LENGTH_SHOWN)).join('\n');
      process.stderr.write(`\n--- ${name} (${lines.length} lines)\n${text}\n`);
    }
  }

  protected linesOf(name: AppName): readonly string[] {
    return this[name].lines;
  }
}
