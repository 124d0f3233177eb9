import { type Client, type Connection, Query } from 'pg';
import type { CopyRows } from './copy-rows';

/** What of a connection the client library has for COPY, and its types do not say. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * One `COPY ... FROM STDIN`: a statement for which the server asks for rows, and is sent them all. On a connection that sends statements
 * without waiting for each other it has to be waited for before the next.
 */
class CopyIn extends Query {
  constructor(
    text: string,
    private readonly chunks: readonly Buffer[],
    private readonly outcome: { error?: Error },
    done: () => void,
  ) {
    super(text, (error) => {
      if (error) outcome.error = error;
      done();
    });
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.send(connection);
  }

  /** Waits whenever the socket has enough, so that no more than a share of the rows is held twice. */
  private async send(connection: CopyConnection): Promise<void> {
    for (const chunk of this.chunks) {
      if (this.outcome.error) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await drained(connection);
    }
    if (!this.outcome.error) connection.endCopyFrom();
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
    const outcome: { error?: Error } = {};
    const done = () => (outcome.error ? reject(outcome.error) : resolve());
    client.query(new CopyIn(`copy ${table} (${rows.columns.join(', ')}) from stdin`, chunks, outcome, done));
  });
}
