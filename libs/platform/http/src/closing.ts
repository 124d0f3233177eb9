import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const LOOK_AGAIN_MS = 50;

/**
 * Lets a server that closes end as soon as what runs is answered. Node closes the connections that are idle when closing begins; one
 * whose answer was still under way is idle later, and would be kept for as long as clients may keep it. One that was opened ahead of
 * time and has not been used counts to Node as one whose first request is on its way, and is closed here.
 */
export function closeAsTheyFinish(server: FastifyInstance, http: Server = server.server as Server): void {
  const open = new Set<Socket>();
  const forget = function (this: Socket) {
    open.delete(this);
  };
  http.on('connection', (socket: Socket) => open.add(socket) && socket.on('close', forget));
  server.addHook('preClose', (done) => {
    const look = () => {
      http.closeIdleConnections();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    };
    const looking = setInterval(look, LOOK_AGAIN_MS);
    http.once('close', () => clearInterval(looking));
    done();
  });
}
