import { connect, type Socket } from 'node:net';

/** What came back on one connection until the server closed it. */
export interface Exchange {
  /** The status of each answer on the connection. */
  readonly statuses: readonly number[];
  /** The head of the first answer, in lower case. */
  readonly head: string;
  /** All that came behind the first head. */
  readonly body: string;
}

const DEADLINE_MS = 60_000;

function toExchange(said: string): Exchange {
  const [head = '', ...rest] = said.split('\r\n\r\n');
  const statuses = [...said.matchAll(/HTTP\/1\.[01] (\d{3}) [A-Z]/g)].map(([, status]) => Number(status));
  return { statuses, head: head.toLowerCase(), body: rest.join('\r\n\r\n') };
}

/**
 * Has a connection of its own, writes as `write` likes, and answers when the server has closed it. The deadline only keeps a server
 * that never closes from hanging the tests.
 */
export function converse(url: string, write: (socket: Socket) => unknown): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => void write(socket));
    const late = setTimeout(() => socket.destroy(new Error(`the connection stays open: ${said}`)), DEADLINE_MS);
    let failure: NodeJS.ErrnoException | undefined;
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      clearTimeout(late);
      // Who goes on sending to a server that has answered and closed is told so by a reset.
      const isReset = failure && ['ECONNRESET', 'EPIPE'].includes(failure.code ?? '') && said !== '';
      if (failure && !isReset) reject(failure);
      else resolve(toExchange(said));
    });
  });
}

/** Sends these very bytes, one for each character. */
export const sendBytes = (url: string, bytes: string): Promise<Exchange> =>
  converse(url, (socket) => socket.write(bytes, 'latin1'));
