import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListenersOrder, Seen } from './listeners-process';
import type { WireName } from './wires';

/** What deliveries took, in milliseconds, and how many there were. */
export interface Delivered {
  readonly count: number;
  readonly ended: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Listeners in a process of their own. */
export class Listeners {
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(join(__dirname, 'listeners-process.js'), { env: {} });
  }

  async open(wire: WireName, port: number, path: string, tokens: readonly string[], each: number): Promise<void> {
    const answer = await this.ask({ do: 'open', wire, port, path, tokens, each });
    if (answer !== 'open') throw new Error(`a stream was not opened: ${JSON.stringify(answer)}`);
  }

  async begin(): Promise<void> {
    await this.ask({ do: 'begin' });
  }

  async end(): Promise<Seen> {
    return (await this.ask({ do: 'end' })) as Seen;
  }

  /** From now on whoever is thrown out comes back. */
  async comeBack(): Promise<void> {
    await this.ask({ do: 'return' });
  }

  /** How many streams are open. */
  async count(): Promise<number> {
    return (await this.ask({ do: 'count' })) as number;
  }

  close(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private ask(order: ListenersOrder): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('the listeners ended'));
      this.child.once('exit', gone);
      this.child.once('message', (answer) => {
        this.child.removeListener('exit', gone);
        resolve(answer);
      });
      this.child.send(order);
    });
  }
}

/** What several processes of listeners have seen together. */
export function together(seen: readonly Seen[]): Delivered {
  const counts = new Map<number, number>();
  for (const [age, count] of seen.flatMap(({ ages }) => ages)) counts.set(age, (counts.get(age) ?? 0) + count);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const at = (share: number) => {
    let left = share * total;
    return sorted.find(([, count]) => (left -= count) <= 0)?.[0] ?? NaN;
  };
  const ended = seen.reduce((sum, one) => sum + one.ended, 0);
  return { count: total, ended, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** What the system says of a process: its memory in bytes, and its time on a processor in seconds. */
export function lookAt(pid: number): { readonly memory: number; readonly cpu: number } {
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1_024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { memory, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}
