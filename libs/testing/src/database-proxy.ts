import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** What a client sends to commit, as one simple query, and what the server answers when it has. */
const COMMIT = Buffer.from('commit\0');
const COMMITTED = Buffer.from('COMMIT\0');

interface Swallowing {
  /** What the transaction that is meant has among its parameters. */
  readonly marker: Buffer;
  readonly done: () => void;
}

/**
 * Stands between a process and PostgreSQL, and passes everything on. Told to, it lets one transaction commit and keeps the server's
 * answer to itself: from then on that connection hears nothing, as if the network had gone in that moment.
 */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private swallowing: Swallowing | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Stands in front of the database at the address. */
  static async to(url: string): Promise<DatabaseProxy> {
    const server = createServer();
    const proxy = new DatabaseProxy(server, new URL(url));
    server.on('connection', (client) => proxy.pass(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The same database through here. */
  get url(): string {
    const through = new URL(this.target);
    through.hostname = '127.0.0.1';
    through.port = String((this.server.address() as AddressInfo).port);
    return through.toString();
  }

  /** Keeps the answer to the commit of the next transaction that sends the text. Resolves once the server has committed. */
  swallowCommitOf(text: string): Promise<void> {
    return new Promise((done) => (this.swallowing = { marker: Buffer.from(text), done }));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(client: Socket): void {
    const server = connect(Number(this.target.port || 5432), this.target.hostname);
    const connection = new Connection();
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk) => {
      connection.sent(chunk, this.swallowing);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (!connection.heard(chunk)) client.write(chunk);
      else if (connection.hasCommitted) {
        this.swallowing?.done();
        this.swallowing = undefined;
      }
    });
  }
}

/** What has gone over one connection, as far as it matters. */
class Connection {
  private before = Buffer.alloc(0);
  private isMarked = false;
  private isDeaf = false;
  private answer = Buffer.alloc(0);
  hasCommitted = false;

  /** Looks at what the client sends; from the commit that is meant on, it hears nothing. */
  sent(chunk: Buffer, swallowing: Swallowing | undefined): void {
    if (!swallowing || this.isDeaf) return;
    // A text may be cut in two by the network.
    const seen = Buffer.concat([this.before, chunk]);
    const from = seen.indexOf(swallowing.marker);
    this.isMarked ||= from >= 0;
    this.isDeaf = this.isMarked && seen.indexOf(COMMIT, Math.max(from, 0)) >= 0;
    this.before = seen.subarray(-1_024);
  }

  /** Whether what the server answers is to be kept from the client. */
  heard(chunk: Buffer): boolean {
    if (!this.isDeaf) return false;
    this.answer = Buffer.concat([this.answer, chunk]);
    this.hasCommitted = this.answer.includes(COMMITTED);
    return true;
  }
}
