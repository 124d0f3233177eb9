// Runs as a process of its own: socket.io that tells the same to all. What its parent sends it emits to everybody.
import { Server } from 'socket.io';
import { createServer } from 'node:http';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', (text) => io.emit('message', JSON.parse(text)));
process.once('disconnect', () => process.exit(0));
