import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { toEntry } from '@innkeep/platform/realtime';
import { Reaper } from '@innkeep/testing';
import { ownPackage } from '../own-package';
import type { Shutdown } from '../surroundings';
import type { WireName } from './wires';
import { type Subject, eventOf } from './world';

/** Servers that tell everybody what their parent sends them, each in a process of its own. */
async function subjectOf(
  { name, wire, program }: { readonly name: string; readonly wire: WireName; readonly program: string },
  count: number,
  shutdown: Shutdown,
  messageOf: (data: string) => string,
): Promise<Subject> {
  const children: ChildProcess[] = Array.from({ length: count }, () =>
    fork(program, { env: { NODE_ENV: 'production' } }),
  );
  shutdown.add(async () => children.forEach((child) => child.connected && child.disconnect()));
  const ports = await Promise.all(children.map(async (child) => ((await once(child, 'message')) as [number])[0]));
  return {
    ...{ name, wire, ports },
    pids: children.map(({ pid }) => pid!),
    tell: (_organization, messages) => {
      for (let index = 0; index < messages; index++) {
        const message = messageOf(`{"id":"1.1","after":"1.0",${toEntry(eventOf(1, 1)).body}`);
        children.forEach((child) => child.send(message));
      }
    },
  };
}

/** Bare node:http. */
export const bareSubject = (count: number, shutdown: Shutdown): Promise<Subject> =>
  subjectOf(
    { name: 'bare node:http', wire: 'events', program: join(__dirname, 'thin-stream-server.js') },
    count,
    shutdown,
    (data) => `id: 1.1\ndata: ${data}\n\n`,
  );

/** socket.io over WebSockets; it is installed in a folder of its own the first time. */
export async function socketIoSubject(
  count: number,
  shutdown: Shutdown,
  say: (line: string) => void,
): Promise<Subject> {
  const reaper = new Reaper();
  shutdown.add(() => reaper.close());
  const program = join(await ownPackage('socketio', 'socket.io', { reaper, say }), 'server.mjs');
  return subjectOf({ name: 'socket.io', wire: 'socket.io', program }, count, shutdown, (data) => data);
}
