import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Reaper, root } from '@innkeep/testing';

const INSTALL_WITHIN_MS = 180_000;

/** How a program is run to its end. */
export interface Running {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeout: number;
  readonly reaper: Reaper;
}

/** Runs a program to its end; answers with what it printed, or says what went wrong in one line. */
export function runProgram(program: string, args: string[], { folder, env, timeout, reaper }: Running) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid) reaper.watch(child);
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

/** The folder of what the product is measured beside, which is installed there the first time. */
export async function ownPackage(
  name: 'emmett' | 'socketio',
  dependency: string,
  { reaper, say }: { readonly reaper: Reaper; readonly say: (line: string) => void },
): Promise<string> {
  const folder = join(root, 'tools/bench', name);
  if (!existsSync(join(folder, 'node_modules', dependency))) {
    say(`installing ${dependency} beside the product`);
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];
    await runProgram('npm', args, { folder, env: process.env, timeout: INSTALL_WITHIN_MS, reaper });
  }
  return folder;
}
