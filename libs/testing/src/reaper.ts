import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+pid` and `-pid` from its input; when that ends, whatever the reason, kills what is left. */
const program = `
const pids = new Set();
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => line[0] === '+' ? pids.add(Number(line.slice(1))) : pids.delete(Number(line.slice(1))))
  .on('close', () => pids.forEach((pid) => { try { process.kill(pid, 'SIGKILL') } catch {} }));`;

/**
 * Sees to it that no child outlives the tests. A process of its own, because a test run that is killed runs none of its handlers:
 * all that is left then is that the pipe to its children closes.
 */
export class Reaper {
  private readonly process = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  });

  constructor() {
    this.process.stdin!.on('error', () => undefined);
  }

  watch(child: ChildProcess): void {
    this.process.stdin!.write(`+${child.pid}\n`);
    child.once('exit', () => this.process.stdin!.write(`-${child.pid}\n`));
  }

  /** The same for a process that somebody else looks after; a number that is not a process any more does no harm. */
  watchId(pid: number): void {
    this.process.stdin!.write(`+${pid}\n`);
  }

  /** Takes back `watchId`. */
  forgetId(pid: number): void {
    this.process.stdin!.write(`-${pid}\n`);
  }

  /** Kills what is still there, and ends. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.process.once('exit', () => resolve());
      this.process.stdin!.end();
    });
  }
}
