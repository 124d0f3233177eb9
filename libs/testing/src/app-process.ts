import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';
import type { Reaper } from './reaper';

/** The folder of the workspace, also for the compiled form of this file, which lies deeper. */
export const root = workspaceAbove(__dirname);

function workspaceAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : workspaceAbove(dirname(folder));
}

export type AppName = 'api' | 'projector' | 'worker';

export interface AppSettings {
  readonly name: AppName;
  /** What it is called where there are several by one name. */
  readonly label?: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Sees to it that the process ends with the tests. Without one it goes on behind them, and somebody else has to know of it. */
  readonly reaper: Reaper | undefined;
  /** Where its output goes, if it is not to be kept here. */
  readonly logFile?: string;
}

const LINES_KEPT = 5_000;
const READY_WITHIN_SECONDS = 120;
const STOP_WITHIN_MS = 30_000;
/** A slow machine is no failure: what is refused while a connection cannot be had is tested where it is. */
const patience = { DATABASE_WAIT_MS: '60000' };

/** One of the compiled apps as a child process: started, killed, started again, stopped; its output is kept to be shown. */
export class AppProcess {
  readonly name: AppName;
  readonly label: string;
  readonly url: string;
  readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private isEndExpected = false;

  constructor(private readonly settings: AppSettings) {
    this.name = settings.name;
    this.label = settings.label ?? settings.name;
    this.url = `http://127.0.0.1:${settings.port}`;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** The number that the system knows it by, while it runs. */
  get pid(): number | undefined {
    return this.isRunning ? this.child!.pid : undefined;
  }

  /** Starts the process, with further variables if there are any, and waits until it says that it can work. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.launch(more);
    await this.becomesReady();
  }

  /** Starts the process and waits for nothing. */
  launch(more: Readonly<Record<string, string>> = {}): void {
    if (this.isRunning) throw new Error(`the ${this.name} runs already`);
    this.isEndExpected = false;
    const program = join(root, `dist/apps/${this.name}/src/main.js`);
    const { reaper, logFile } = this.settings;
    const output = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
    // Without source maps: reading those of everything that is loaded would take a tenth of each start.
    const child = spawn(process.execPath, [program], {
      env: { ...patience, ...this.settings.environment, ...more },
      stdio: ['ignore', output, output],
      detached: reaper === undefined,
    });
    this.child = child;
    if (typeof output === 'number') closeSync(output);
    if (reaper) reaper.watch(child);
    else child.unref();
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.keep(line));
    child.once('exit', (code, signal) => this.keep(`[ended: ${signal ?? code}]`));
  }

  private async becomesReady(): Promise<void> {
    const child = this.child;
    const isReady = await eventually(async () => {
      if (child !== this.child || !this.isRunning) return false;
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the ${this.name} is not ready: ${answer.status}`);
      return true;
    }, READY_WITHIN_SECONDS);
    if (!isReady) throw new Error(`the ${this.name} ended before it was ready:\n${this.lines.slice(-5).join('\n')}`);
  }

  /** Ends the process as a crash does: no handler runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the process in its tracks, as a machine that is put to sleep does, until `wake`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  wake(): void {
    this.child?.kill('SIGCONT');
  }

  /** Asks the process to stop, as an orchestrator does; answers with its exit code, or with the signal that it took. */
  async stop(): Promise<number | string> {
    return this.end('SIGTERM');
  }

  /** Throws if the process ended without having been told to. */
  assertDidNotCrash(): void {
    if (this.child && !this.isRunning && !this.isEndExpected) throw new Error(`the ${this.name} ended by itself`);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string> {
    const child = this.child;
    if (!child || !this.isRunning) return child?.signalCode ?? child?.exitCode ?? 0;
    this.isEndExpected = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
    return child.signalCode ?? child.exitCode!;
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.splice(0, this.lines.length - LINES_KEPT);
  }
}
