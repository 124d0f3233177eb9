/** How a client asks for a stream, byte by byte: Server-Sent Events, or socket.io over a WebSocket. */
export type WireName = 'events' | 'socket.io';

/** One connection's side of it. */
export interface Wire {
  readonly hello: string;
  /** What to send because of what has come; what has not been told apart yet stands at the end of it. */
  answer?(received: string): Buffer | undefined;
  isOpen(received: string): boolean;
}

const PING = '\x81\x012';

/** A short text as a client has to send it (RFC 6455, 5.2): masked, here with zeros. */
const frame = (text: string) => Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

const events = (path: string, token: string): Wire => ({
  hello: `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  isOpen: (received) => received.includes('event: ready'),
});

/** Engine.IO 4 and Socket.IO 5: a handshake, a connection to the namespace, and an answer to each ping. */
function socketIo(): Wire {
  let hasJoined = false;
  return {
    hello:
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
    answer: (received) => {
      if (!hasJoined && received.includes('0{"sid"')) {
        hasJoined = true;
        return frame('40');
      }
      return received.endsWith(PING) ? frame('3') : undefined;
    },
    isOpen: (received) => received.includes('40{"sid"'),
  };
}

/** The client's side of a new connection. */
export const wireOf = (name: WireName, path: string, token: string): Wire =>
  name === 'events' ? events(path, token) : socketIo();
