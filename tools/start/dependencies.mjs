// Brings node_modules in line with package-lock.json. Runs before anything is installed: Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeLock } from './lock.mjs';
import { say, showElapsed, Trouble } from './progress.mjs';
import { root } from './settings.mjs';

const oldest = [20, 19];
const stampFile = join(root, 'node_modules/.innkeep-lock');

/** Refuses a Node.js that is too old, in words instead of a syntax error. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new Trouble(`Node.js ${version} is too old: ${oldest.join('.')} or newer is needed (https://nodejs.org).`);
}

/** Does node_modules hold what the lockfile says? So after an `npm ci` or `npm install` by hand nothing is installed twice. */
async function matchesLock(lockText) {
  const hidden = await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8').catch(() => undefined);
  if (!hidden) return false;
  const installed = JSON.parse(hidden).packages;
  return Object.entries(JSON.parse(lockText).packages).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = installed[path];
    // Packages for other platforms are in the lockfile and not on the disk.
    return found ? found.version === entry.version : entry.optional || entry.devOptional || entry.peer;
  });
}

async function install() {
  say('  Installing dependencies (npm ci); the first time takes a minute or two.');
  const done = process.stdout.isTTY ? () => {} : showElapsed('installing dependencies');
  // NODE_ENV=production would leave out the tools that everything here is built with.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const viaNpm = process.env.npm_execpath?.endsWith('npm-cli.js');
  const child = viaNpm
    ? spawn(process.execPath, [process.env.npm_execpath, ...args], { cwd: root, stdio: 'inherit' })
    : spawn('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
  const code = await new Promise((resolve, reject) => {
    child.once('error', () => reject(new Trouble('npm was not found. It comes with Node.js: https://nodejs.org')));
    child.once('exit', resolve);
  }).finally(() => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass);
    done();
  });
  if (code !== 0) throw new Trouble('npm ci failed; its own words are above.');
}

async function takeInstallLock() {
  await mkdir(join(root, '.innkeep'), { recursive: true });
  const file = join(root, '.innkeep/install.lock');
  for (let told = false; ; told = true) {
    const lock = await takeLock(file, /node/);
    if (lock.release) return lock;
    if (!told) say(`  Waiting for process ${lock.holder}, which installs the dependencies.`);
    await sleep(500);
  }
}

/** Installs the dependencies when node_modules is missing or does not fit package-lock.json. */
export async function ensureDependencies() {
  requireNode();
  const lockText = await readFile(join(root, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lockText).digest('hex');
  const isCurrent = async () => (await readFile(stampFile, 'utf8').catch(() => '')) === wanted;
  if (await isCurrent()) return;
  const lock = await takeInstallLock();
  try {
    if (await isCurrent()) return;
    if (!(await matchesLock(lockText))) await install();
    await writeFile(stampFile, wanted);
  } finally {
    await lock.release();
  }
}
