import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppName, createTestDatabase, testAdminUrl, testDatabase, testFolder } from '@innkeep/testing';
import { Client } from 'pg';
import { InnkeepUnderTest, SHARED_REDIS } from './innkeep-under-test';
import type { Ports } from './system-environment';

/** What is noted of the system, for the files that come later. */
interface Note {
  readonly database: string;
  readonly ports: Ports;
  readonly pids: Readonly<Record<AppName, number>>;
}

/** The lock that is held while it is started: other workers wait, and find it. */
const LOCK = 1;

/**
 * One system for all files whose tests do nothing to it as a whole: that start and stop no app, flush nothing, move no clock, and look at
 * no organization but those that they make. Starting three apps takes more than most of these files do. The first that needs it
 * starts it, and the test run ends it: what is in its folder is known to it.
 */
export class SharedInnkeep extends InnkeepUnderTest {
  private readonly folder = join(testFolder(), 'shared');
  private readonly noteFile = join(this.folder, 'system.json');
  private pids?: Note['pids'];

  constructor() {
    super({}, SHARED_REDIS);
    this.dataDir = join(this.folder, 'files');
  }

  protected override async bringUp(): Promise<void> {
    const client = new Client({ connectionString: testAdminUrl() });
    await client.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [LOCK]);
      if (existsSync(this.noteFile)) this.join(JSON.parse(readFileSync(this.noteFile, 'utf8')) as Note);
      else await this.startForAll();
    } finally {
      await client.end();
    }
  }

  private async startForAll(): Promise<void> {
    mkdirSync(this.dataDir, { recursive: true });
    this.database = await createTestDatabase();
    await this.choosePorts();
    this.makeApps((name) => ({ reaper: undefined, environment: this.environmentOf(name), logFile: this.logOf(name) }));
    await Promise.all(
      this.all.map((app) => {
        const started = app.start();
        // Before it is known to be ready, so that one that never is does not outlive the run.
        const { pid } = app;
        const record = { pid, marker: `dist/apps/${app.name}` };
        writeFileSync(join(this.folder, `${app.name}-${pid}.json`), JSON.stringify(record));
        return started;
      }),
    );
    this.pids = { api: this.api.pid!, projector: this.projector.pid!, worker: this.worker.pid! };
    const note: Note = { database: this.database.name, ports: this.ports, pids: this.pids };
    writeFileSync(this.noteFile, JSON.stringify(note));
  }

  private join({ database, ports, pids }: Note): void {
    this.database = testDatabase(database);
    this.ports = ports;
    this.pids = pids;
    this.makeApps((name) => ({ reaper: undefined, environment: {}, logFile: this.logOf(name) }));
  }

  private logOf(name: AppName): string {
    return join(this.folder, `${name}.log`);
  }

  protected override async assertAlive(): Promise<void> {
    for (const [name, pid] of Object.entries(this.pids ?? {}))
      // Asks the process for nothing: it throws if there is none.
      try {
        process.kill(pid, 0);
      } catch {
        throw new Error(`the ${name} that files share ended by itself`);
      }
  }

  protected override async bringDown(): Promise<void> {
    // Others go on with it.
  }

  protected override linesOf(name: AppName): readonly string[] {
    return existsSync(this.logOf(name)) ? readFileSync(this.logOf(name), 'utf8').split('\n') : [];
  }
}
