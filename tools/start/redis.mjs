// Redis in its two roles: `state` (queues, rate limits: nothing is evicted, written to disk) and `cache` (may evict, memory only).
// Taken from, in this order: REDIS_URL, a server program on the PATH, Debian's package, a server written in JavaScript.
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installPackages, mayInstall } from './debian.mjs';
import { findProgram } from './programs.mjs';
import { forgetProcess, launch, openLog, recordProcess, tailOf } from './processes.mjs';
import { step, Trouble } from './progress.mjs';

const names = ['redis-server', 'valkey-server'];
const readyWithin = 60_000;

const configurations = {
  state: ['maxmemory-policy noeviction', 'appendonly yes', 'appendfsync everysec'],
  cache: ['maxmemory 256mb', 'maxmemory-policy allkeys-lru', 'appendonly no'],
};

/** The server program on the PATH, installed by apt-get when that is possible; undefined when only JavaScript is left. */
export async function findRedis() {
  const found = names.map(findProgram).find(Boolean);
  if (found || !mayInstall()) return found;
  try {
    await step('Installing Redis (apt-get install redis-server)', () => installPackages(['redis-server']));
  } catch {
    return undefined;
  }
  return names.map(findProgram).find(Boolean);
}

function ask(port, password) {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(1000, finish);
    socket.on('error', finish);
    socket.on('connect', () => socket.write(`${password ? `AUTH ${password}\r\n` : ''}PING\r\n`));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('PONG') || text.includes('-')) finish();
    });
  });
}

async function waitUntilReady(role, server, port, password, logFile) {
  let ended = false;
  server.exited.then(() => (ended = true));
  for (const deadline = Date.now() + readyWithin; Date.now() < deadline; await sleep(30)) {
    if (ended) throw new Trouble(`Redis (${role}) did not start:\n${await tailOf(logFile)}`);
    if ((await ask(port, password)).includes('PONG')) return;
  }
  throw new Trouble(`Redis (${role}) did not answer within ${readyWithin / 1000} s; see ${logFile}.`);
}

const quoted = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function launchNative(program, { role, port, folder, password, durable, log }) {
  const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${quoted(folder)}`, `requirepass ${password}`, 'save ""'];
  lines.push(...configurations[role]);
  if (!durable) lines.push('appendonly no');
  const server = launch(program, ['-'], { cwd: folder, stdio: ['pipe', log.fd, log.fd] });
  // By standard input: on the command line the password would be shown by ps.
  server.child.stdin.on('error', () => {});
  server.child.stdin.end(`${lines.join('\n')}\n`);
  return server;
}

function launchJavaScript({ port, log }) {
  const program = fileURLToPath(new URL('./redis-in-javascript.mjs', import.meta.url));
  return launch(process.execPath, [program, String(port)], { stdio: ['ignore', log.fd, log.fd] });
}

/**
 * Starts one role. Answers with `url`, `port`, `exited`, `stop()`. Without `durable` nothing is written to disk;
 * `record` is a folder in which a later start finds what this one left running.
 */
export async function startRedis({ program, role, port, folder, password, durable = true, logFile, record }) {
  await mkdir(folder, { recursive: true });
  const log = await openLog(logFile);
  const server = program
    ? launchNative(program, { role, port, folder, password, durable, log })
    : launchJavaScript({ port, log });
  await log.close();
  const name = `redis-${role}`;
  // A native server shows its address as its command line, the other one its script and port.
  if (record)
    await recordProcess(record, name, server.pid, program ? `127.0.0.1:${port}` : `redis-in-javascript.mjs ${port}`);
  const stop = async () => {
    await server.stop();
    if (record) await forgetProcess(record, name);
  };
  try {
    await waitUntilReady(role, server, port, program && password, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...server,
    stop,
    port,
    url: program ? `redis://:${password}@127.0.0.1:${port}` : `redis://127.0.0.1:${port}`,
  };
}

/** Starts both roles, each in its own folder below `folder`; `ports` gives the port of each. */
export async function startBothRedis({ folder, ports, logs, ...options }) {
  const start = (role) =>
    startRedis({
      ...options,
      role,
      port: ports[role],
      folder: join(folder, `redis-${role}`),
      logFile: join(logs, `redis-${role}.log`),
    });
  const state = await start('state');
  try {
    return { state, cache: await start('cache') };
  } catch (error) {
    await state.stop();
    throw error;
  }
}
