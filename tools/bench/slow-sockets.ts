import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** Connections that hardly send anything, held by a process of their own. */
export class SlowSockets {
  private constructor(private readonly child: ChildProcess) {}

  /** Opens them all. One that the server closes is opened again. */
  static async open(port: number, count: number): Promise<SlowSockets> {
    const child = fork(join(__dirname, 'slow-sockets-process.js'), [String(port), String(count)], { env: {} });
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the slow sockets ended')));
    });
    return new SlowSockets(child);
  }

  async close(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
  }
}
