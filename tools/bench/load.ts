import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What the load generator is to do: each connection repeats one of the requests, given as raw HTTP/1.1 text. */
export interface LoadOrder {
  readonly port: number;
  /** `$KEY` stands for an idempotency key, a new one each time. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Latencies are in milliseconds, seen from the client. */
export interface LoadResult {
  readonly rps: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly statuses: Readonly<Record<number, number>>;
}

/** The load generator, as seen from the process that gives it orders. */
export class Load {
  private readonly child: ChildProcess = fork(join(__dirname, 'load-generator.js'), { env: {} });

  run(order: LoadOrder): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the load generator ended'));
      this.child.once('exit', ended);
      this.child.once('message', (message: { result: LoadResult } | { error: string }) => {
        this.child.off('exit', ended);
        if ('error' in message) reject(new Error(message.error));
        else resolve(message.result);
      });
      this.child.send(order);
    });
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
  }
}
