import { type Socket, connect } from 'node:net';

/** Runs as a process of its own: `<port> <count>`. Each connection begins a request and sends a byte more every two seconds. */

const [port, count] = process.argv.slice(2).map(Number) as [number, number];
const DROP_MS = 2_000;
const AGAIN_MS = 100;
const sockets = new Set<Socket>();
let opened = 0;

function open(): void {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('connect', () => {
    sockets.add(socket);
    socket.write('GET /v1/properties HTTP/1.1\r\nHost: bench\r\nX-Slow: ');
    if (++opened === count) process.send!('open');
  });
  socket.resume();
  socket.on('close', () => {
    sockets.delete(socket);
    setTimeout(open, AGAIN_MS);
  });
}

for (let index = 0; index < count; index++) setTimeout(open, index / 2);
setInterval(() => sockets.forEach((socket) => socket.write('x')), DROP_MS);
process.once('disconnect', () => process.exit(0));
