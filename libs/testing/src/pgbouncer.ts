import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePorts } from './free-ports';

/** A running pooler: the address by which its clients connect, and its end. */
export interface RunningPgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** What many clients share: one role of one database, by few connections, each lent for one transaction. */
const settings = (url: URL, port: number, poolSize: number) => `
[databases]
${url.pathname.slice(1)} = host=${url.hostname} port=${url.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = users.txt
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,options
server_reset_query =
`;

/** Starts PgBouncer in transaction mode in front of a database. Nothing is reset between clients: what one leaves behind the next would find. */
export async function startPgBouncer(databaseUrl: string, poolSize: number): Promise<RunningPgBouncer> {
  const url = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'innkeep-pgbouncer-'));
  const [port] = (await freePorts(1)) as [number];
  await writeFile(join(folder, 'pgbouncer.ini'), settings(url, port, poolSize));
  await writeFile(join(folder, 'users.txt'), `"${url.username}" "${decodeURIComponent(url.password)}"\n`);
  const isRoot = process.getuid?.() === 0;
  // It does not run as root, and has to read its files as somebody else; what is in them is a throwaway server's.
  if (isRoot) await chmod(folder, 0o755);
  const child = spawn('pgbouncer', ['-q', ...(isRoot ? ['-u', 'nobody'] : []), 'pgbouncer.ini'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const stop = stopper(child, folder);
  try {
    await eventually(() => answers(port, child, () => said));
  } catch (error) {
    await stop();
    throw error;
  }
  url.host = `127.0.0.1:${port}`;
  return { url: url.toString(), stop };
}

async function answers(port: number, child: ChildProcess, said: () => string): Promise<void> {
  if (child.exitCode !== null) throw new Error(`PgBouncer has ended: ${said()}`);
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

const stopper = (child: ChildProcess, folder: string) => async (): Promise<void> => {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (isRunning) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
};
