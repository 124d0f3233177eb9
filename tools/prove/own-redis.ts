import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { script } from '../bench/surroundings';
import type { Proving } from './proof';

interface Server {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  kill(): void;
  stop(): Promise<unknown>;
  readonly exited: Promise<unknown>;
}

/** The two Redis servers of an installation, for one proof alone: to be emptied, killed and started again, empty, at the same address. */
export class OwnRedis {
  private running: Server[] = [];

  private constructor(
    private readonly startAll: () => Promise<Server[]>,
    private readonly proving: Proving,
    readonly urls: readonly [state: string, cache: string],
  ) {}

  static async start(proving: Proving): Promise<OwnRedis> {
    const [{ findRedis, startBothRedis }, { freePort }] = await Promise.all([
      script('start/redis.mjs'),
      script('start/ports.mjs'),
    ]);
    const program = await findRedis();
    const folder = await mkdtemp(join(tmpdir(), 'innkeep-proof-'));
    proving.atEnd(() => rm(folder, { recursive: true, force: true }));
    const state = await freePort();
    const ports = { state, cache: await freePort([state]) };
    const settings = {
      program,
      folder,
      ports,
      logs: folder,
      durable: false,
      password: randomBytes(12).toString('hex'),
    };
    const startAll = async () => Object.values((await startBothRedis(settings)) as Record<string, Server>);
    const servers = await startAll();
    const redis = new OwnRedis(startAll, proving, [servers[0]!.url, servers[1]!.url]);
    redis.watch(servers);
    proving.atEnd(() => redis.kill());
    return redis;
  }

  async flush(): Promise<void> {
    for (const url of this.urls) {
      const redis = new Redis(url);
      await redis.flushall();
      await redis.quit();
    }
  }

  /** Kills both; nothing of what they held comes back. */
  async kill(): Promise<void> {
    const servers = this.running.splice(0);
    servers.forEach((server) => server.kill());
    await Promise.all(servers.map(({ exited }) => exited));
    servers.forEach(({ pid }) => this.proving.reaper.forgetId(pid));
  }

  async startAgain(): Promise<void> {
    this.watch(await this.startAll());
  }

  private watch(servers: Server[]): void {
    this.running = servers;
    servers.forEach(({ pid }) => this.proving.reaper.watchId(pid));
  }
}
