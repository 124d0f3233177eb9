import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@innkeep/testing';
import type { LogBench } from './experiment';

const folder = join(root, 'tools/bench/emmett');
const INSTALL_WITHIN_MS = 180_000;
const FOLD_WITHIN_MS = 600_000;

/** Runs a program to its end; answers with what it printed, or says what went wrong in one line. */
function run(bench: LogBench, program: string, args: string[], env: NodeJS.ProcessEnv, timeout: number) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid) bench.reaper.watch(child);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const said = errors.trim().split('\n').slice(-1)[0] ?? '';
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${signal ?? code}: ${said.slice(0, 120)}`));
    });
  });
}

/**
 * Emmett's fold of the same events; it is installed in a folder of its own the first time. Commits wait for the disk as little as those
 * of the projector.
 */
export async function foldByEmmett(bench: LogBench, adminUrl: string): Promise<{ events: number; seconds: number }> {
  const { PATH, HOME } = process.env;
  if (!existsSync(join(folder, 'node_modules/@event-driven-io/emmett-postgresql'))) {
    bench.say('installing Emmett beside the product');
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run(bench, 'npm', args, process.env, INSTALL_WITHIN_MS);
  }
  const url = new URL(adminUrl);
  url.searchParams.set('options', '-c synchronous_commit=off');
  const env = { PATH, HOME, DATABASE_URL: url.toString() };
  const output = await run(bench, process.execPath, ['fold.mjs'], env, FOLD_WITHIN_MS);
  return JSON.parse(output.trim().split('\n').at(-1)!) as { events: number; seconds: number };
}
