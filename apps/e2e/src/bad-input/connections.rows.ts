import { connect } from 'node:net';
import { LiveClient, eventually } from '@innkeep/testing';
import type { Place } from './place';
import { type Probe, type Row } from './row';

/** Streams that one user may have open. */
const STREAMS = 10;
const PATH = '/v2/realtime/stream';

/** Opens so many streams at once, has a look at what came of them, and closes them. */
async function openStreams<T>({ innkeep, stranger }: Place, count: number, look: (clients: LiveClient[]) => T) {
  const clients = Array.from({ length: count }, () => new LiveClient({ url: innkeep.url, token: stranger.token }));
  try {
    await Promise.all(clients.map((client) => client.open()));
    return look(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

const opened = (clients: readonly LiveClient[]) => clients.filter(({ status }) => status === 200).length;

/** Once the streams of the probe before are known to be gone. */
const untilAllFit = (place: Place) =>
  eventually(async () => expect(await openStreams(place, STREAMS, opened)).toBe(STREAMS));

const atOnce: Probe = {
  what: 'two hundred handshakes of one user at once',
  required: `${STREAMS} of them, the others 429 too-many-streams`,
  check: async (place) => {
    await untilAllFit(place);
    await eventually(async () => {
      const statuses = await openStreams(place, 200, (clients) => clients.map(({ status }) => status));
      expect(statuses.filter((status) => status === 200).length).toBe(STREAMS);
      expect(statuses.filter((status) => status === 429).length).toBe(200 - STREAMS);
    });
  },
};

const halfOpen: Probe = {
  what: 'handshakes that are never finished, and heads without a body',
  required: 'take no place',
  check: async (place) => {
    const { hostname, port } = new URL(place.innkeep.url);
    const half = Array.from({ length: 30 }, () => connect(Number(port), hostname).on('error', () => undefined));
    try {
      for (const socket of half) socket.write(`GET ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer`);
      for (let index = 0; index < STREAMS + 2; index++) (await place.stranger.send('HEAD', PATH)).expect(200);
      await untilAllFit(place);
    } finally {
      half.forEach((socket) => socket.destroy());
    }
  },
};

const torn: Probe = {
  what: 'connections that are torn down in the middle of the handshake',
  required: 'give their place back',
  check: async (place) => {
    const { hostname, port } = new URL(place.innkeep.url);
    const head = `GET ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${place.stranger.token}\r\n\r\n`;
    for (let index = 0; index < 5 * STREAMS; index++) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      await new Promise<void>((resolve) => socket.write(head, () => resolve()));
      socket.resetAndDestroy();
    }
    await untilAllFit(place);
  },
};

const upgrade: Probe = {
  what: 'an upgrade asked for',
  required: 'no 101',
  check: async (place) => {
    const lines = [
      'Upgrade: websocket',
      'Connection: Upgrade, close',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: eA==',
    ];
    const { statuses } = await place.send(place.request(lines).replace('Connection: close\r\n', ''));
    expect(statuses.every((status) => status !== 101)).toBe(true);
  },
};

/** B71: more at once than there may be. Two processes at once are tried in live.e2e.spec.ts. */
export const connections: readonly Row[] = [
  { id: 'B71', what: 'more connections at once than allowed', probes: [atOnce, halfOpen, torn, upgrade] },
];
