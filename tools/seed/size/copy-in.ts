import type { Client, Connection, Submittable } from 'pg';
import type { CopyRows } from './copy-rows';

/** What of a connection the client library has for COPY, and its types do not say. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One `COPY ... FROM STDIN` as the client library runs statements: the server says when it wants the rows, and is sent them all. */
class CopyIn implements Submittable {
  /** The client calls these of whatever it runs. */
  callback?: () => void;
  private error?: Error;

  constructor(
    private readonly text: string,
    private readonly chunks: readonly Buffer[],
    private readonly done: (error?: Error) => void,
  ) {}

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.send(connection);
  }

  /** Waits whenever the socket has enough, so that no more than a share of the rows is held twice. */
  private async send(connection: CopyConnection): Promise<void> {
    for (const chunk of this.chunks) {
      if (this.error) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await drained(connection);
    }
    if (!this.error) connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.error = error;
    this.done(error);
  }

  handleReadyForQuery(): void {
    if (!this.error) this.done();
  }
}

/** A connection that ends does not drain any more. */
const drained = ({ stream }: Connection) =>
  new Promise<void>((resolve) => {
    const go = () => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });

/** Copies rows into their table, or into another one with the same columns. */
export function copyIn(client: Client, rows: CopyRows, table = rows.table): Promise<void> {
  const chunks = rows.chunks();
  if (chunks.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => (error ? reject(error) : resolve());
    client.query(new CopyIn(`copy ${table} (${rows.columns.join(', ')}) from stdin`, chunks, done));
  });
}
