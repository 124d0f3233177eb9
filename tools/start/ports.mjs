// Ports: whether one is free, a free one, and one that stays the same between starts.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { listeners } from './settings.mjs';
import { Trouble } from './progress.mjs';

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    // A host without IPv6 answers EADDRNOTAVAIL or EAFNOSUPPORT for ::, which says nothing about the port.
    server.once('error', (error) => resolve(!['EADDRINUSE', 'EACCES'].includes(error.code)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Is nobody listening there? Looked at on the loopback and on all addresses: some systems allow one beside the other. */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

/** A free port below the range from which the kernel takes the ports of outgoing connections. */
export async function freePort(taken = []) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Trouble('No free port was found between 20000 and 32000.');
}

/** The port that `name` had at the last start if it is still free, else a new one, remembered in `file`. */
export async function keptPort(file, name) {
  const kept = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  if (kept[name] && (await isFree(kept[name]))) return kept[name];
  kept[name] = await freePort(Object.values(kept));
  await writeFile(file, `${JSON.stringify(kept)}\n`);
  return kept[name];
}

/** Refuses to start when a port of an app is taken or given twice, naming the setting that moves it. */
export async function requirePorts(ports) {
  const problems = [];
  const owner = new Map();
  for (const { app, title, setting } of listeners) {
    const port = ports[app];
    const other = owner.get(port);
    owner.set(port, setting);
    if (other) problems.push(`${other} and ${setting} are both ${port}. Give them different ports.`);
    else if (!(await isFree(port))) {
      problems.push(
        `Port ${port}, where the ${title} is to listen, is in use. Stop what listens there, or set ${setting}, for example: ${setting}=${port + 100} npm start`,
      );
    }
  }
  if (problems.length > 0) throw new Trouble(problems.join('\n'));
}
