import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@innkeep/testing';

export interface RunningTool {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly output: string;
  readonly isRunning: boolean;
  /** Resolves when the tool has ended, with its exit code and all that it said. */
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** Runs a compiled tool of the product. */
export function startTool(
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): RunningTool {
  const child = spawn(process.execPath, [join(root, `dist/tools/${name}/main.js`), ...args], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  return {
    child,
    ended,
    get output() {
      return output;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
  };
}
