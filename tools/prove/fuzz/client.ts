import { Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** A request as it goes out. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** The bytes of an answer as they were before they were compressed; the server may do that to whoever asks for it. */
function unpacked(bytes: Buffer, encoding: string | undefined): Buffer {
  if (bytes.length === 0 || encoding === undefined) return bytes;
  if (encoding === 'br') return brotliDecompressSync(bytes);
  if (encoding === 'gzip') return gunzipSync(bytes);
  throw new Error(`an answer in the encoding ${encoding}, which nobody asked for`);
}

/** Connections to the API. Not `fetch`: it would refuse some of what is to be sent. */
export class Client {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends it, and once more if the server closed the connection before it began. */
  async send(sent: Sent): Promise<Answer> {
    try {
      return await this.attempt(sent);
    } catch (error) {
      if (!['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return this.attempt(sent);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt({ method, path, headers, body }: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = body && { 'content-length': String(body.length) };
      const options = { method, headers: { ...headers, ...length } as Record<string, string>, agent: this.agent };
      const outgoing = request(this.url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          try {
            const text = unpacked(Buffer.concat(chunks), response.headers['content-encoding']).toString();
            resolve({ status: response.statusCode!, headers: response.headers as Record<string, string>, text });
          } catch (error) {
            reject(error as Error);
          }
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
