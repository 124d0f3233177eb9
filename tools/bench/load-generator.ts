import { randomUUID } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import type { LoadOrder, LoadResult } from './load';
import { percentile } from './percentile';

/**
 * Runs as a process of its own: keep-alive connections that each send the next request when the answer to the last one is there.
 * It speaks just enough HTTP to find where an answer ends, so that little of a core shared with the server goes to it.
 */

const HEADER_END = Buffer.from('\r\n\r\n');

/** A different one for each request, wherever the order's text says `$KEY`. */
const keys = { prefix: randomUUID(), count: 0 };

class Tally {
  readonly latencies: number[] = [];
  readonly statuses: Record<number, number> = {};
  isOpen = false;

  add(status: number, milliseconds: number): void {
    if (!this.isOpen) return;
    this.latencies.push(milliseconds);
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}

/** One connection. `stop` lets the answer under way arrive, so that the server is idle afterwards. */
class Connection {
  private readonly socket: Socket;
  private readonly head: string;
  private readonly tail: string | undefined;
  private received: Buffer = Buffer.alloc(0);
  private sentAt = 0;
  private isStopping = false;
  readonly closed: Promise<void>;

  constructor(
    port: number,
    request: string,
    private readonly tally: Tally,
  ) {
    const [head, tail] = request.split('$KEY');
    this.head = head!;
    this.tail = tail;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('connect', () => this.send());
    this.socket.on('data', (bytes) => this.receive(bytes));
    this.closed = new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.once('close', () =>
        this.isStopping ? resolve() : reject(new Error('the server closed a connection')),
      );
    });
  }

  stop(): void {
    this.isStopping = true;
  }

  private send(): void {
    this.sentAt = performance.now();
    const text = this.tail === undefined ? this.head : `${this.head}${keys.prefix}-${++keys.count}${this.tail}`;
    this.socket.write(text, 'latin1');
  }

  private receive(bytes: Buffer): void {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
    const headEnd = this.received.indexOf(HEADER_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = status === 304 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) throw new Error(`an answer without Content-Length:\n${head}`);
    if (this.received.length < headEnd + 4 + length) return;
    this.received = Buffer.alloc(0);
    this.tally.add(status, performance.now() - this.sentAt);
    if (this.isStopping) this.socket.end();
    else this.send();
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function run({ port, requests, connections, seconds, warmUpSeconds }: LoadOrder): Promise<LoadResult> {
  const tally = new Tally();
  const open = Array.from(
    { length: connections },
    (_, index) => new Connection(port, requests[index % requests.length]!, tally),
  );
  const closed = Promise.all(open.map((connection) => connection.closed));
  await Promise.race([pause(warmUpSeconds * 1000), closed]);
  tally.isOpen = true;
  const startedAt = performance.now();
  await Promise.race([pause(seconds * 1000), closed]);
  tally.isOpen = false;
  const elapsed = (performance.now() - startedAt) / 1000;
  open.forEach((connection) => connection.stop());
  await closed;
  const sorted = Float64Array.from(tally.latencies).sort();
  return {
    rps: sorted.length / elapsed,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    statuses: tally.statuses,
  };
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send!({ result }),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
