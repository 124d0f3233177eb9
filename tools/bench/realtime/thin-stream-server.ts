import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs as a process of its own: the least that node:http needs to tell the same to all. What its parent sends it writes to everybody. */

const responses = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('event: ready\ndata: {}\n\n');
  responses.add(response);
  response.on('close', () => responses.delete(response));
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', (text: string) => {
  const bytes = Buffer.from(text);
  for (const response of responses) response.write(bytes);
});
process.once('disconnect', () => process.exit(0));
