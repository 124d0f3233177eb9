// The programs from outside npm that the tests and the checks use, in one list, and their Debian packages.
// `node tools/test/programs.mjs --install` installs what is missing (as root on Debian) and fails when something stays missing.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, mayInstall } from '../start/debian.mjs';
import { findProgram } from '../start/programs.mjs';
import { explain, step } from '../start/progress.mjs';

/** Whether Varnish can load the module xkey: asked of Varnish itself, because each distribution keeps modules elsewhere. */
function hasXkey() {
  const varnishd = findProgram('varnishd');
  if (!varnishd) return false;
  const folder = mkdtempSync(join(tmpdir(), 'innkeep-vcl-'));
  try {
    // Started by root, varnishd reads the file as a user of its own.
    chmodSync(folder, 0o755);
    const file = join(folder, 'xkey.vcl');
    writeFileSync(file, 'vcl 4.1; import xkey; backend default none;\n');
    return spawnSync(varnishd, ['-C', '-n', join(folder, 'work'), '-f', file], { stdio: 'ignore' }).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wanted = [
  {
    title: 'redis-server',
    package: 'redis-server',
    present: () => findProgram('redis-server') || findProgram('valkey-server'),
  },
  { title: 'varnishd', package: 'varnish', present: () => findProgram('varnishd') },
  { title: "Varnish's module xkey", package: 'varnish-modules', present: hasXkey },
  { title: 'pgbouncer', package: 'pgbouncer', present: () => findProgram('pgbouncer') },
  {
    title: 'chromium',
    package: 'chromium',
    present: () => findProgram('chromium') || findProgram('chromium-browser') || findProgram('google-chrome'),
  },
  { title: 'curl', package: 'curl', present: () => findProgram('curl') },
];

/** Installs what is missing where that is possible, and answers with what is missing still. */
export async function providePrograms() {
  const missing = () => wanted.filter((program) => !program.present());
  const before = missing();
  if (before.length === 0 || !mayInstall()) return before;
  const packages = before.map((program) => program.package);
  await step(`Installing ${packages.join(', ')} (apt-get)`, () => installPackages(packages)).catch((error) => {
    console.error(explain(error));
  });
  return missing();
}

/** How to come by what is missing. */
export function describeMissing(missing) {
  const packages = missing.map((program) => program.package).join(' ');
  return `${missing.map((program) => program.title).join(', ')} (on Debian: apt-get install ${packages})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = process.argv.includes('--install')
    ? await providePrograms()
    : wanted.filter((program) => !program.present());
  if (missing.length > 0) console.error(`Missing: ${describeMissing(missing)}`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}
