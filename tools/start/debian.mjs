// Installs Debian packages, without the services that come with them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { findProgram } from './programs.mjs';
import { Trouble } from './progress.mjs';

const policy = '/usr/sbin/policy-rc.d';

/** Only root on Debian or one of its children can install packages. */
export const mayInstall = () =>
  process.platform === 'linux' && process.getuid() === 0 && findProgram('apt-get') !== undefined;

function run(command, args) {
  return new Promise((resolve, reject) => {
    let output = '';
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) return resolve();
      const tail = output.trimEnd().split('\n').slice(-8).join('\n');
      reject(new Trouble(`${command} ${args.join(' ')} failed:\n${tail}`));
    });
  });
}

/** Installs packages by apt-get. A service that belongs to one is neither started now nor at the next boot. */
export async function installPackages(packages) {
  // The way Debian offers to keep maintainer scripts from starting services (invoke-rc.d asks this program).
  const ours = !existsSync(policy);
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // A mirror that fails to answer matters only when the package cannot be had.
    await run('apt-get', ['update', '-q']).catch(() => {});
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages]);
  } finally {
    if (ours) await rm(policy, { force: true });
  }
  if (!existsSync('/run/systemd/system')) return;
  for (const name of packages) await run('systemctl', ['disable', '--now', name]).catch(() => {});
}
