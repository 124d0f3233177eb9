import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@innkeep/testing';
import type { ProofDatabase } from './proof-database';

export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

/** Runs `npm run projections`, compiled, on the proof's database. */
export function projectionsTool({ database }: ProofDatabase, ...args: string[]): Promise<ToolRun> {
  const tool = spawn(process.execPath, [join(root, 'dist/tools/projections/main.js'), ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: database.adminUrl,
      DATABASE_ROLE_SECRET: database.roleSecret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  tool.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    tool.once('error', reject);
    tool.once('close', (code) => resolve({ code: code ?? 130, output }));
  });
}

/** Has the product compare its read models with the log; answers how many of them differ, all if it could not. */
export async function verifyByTool(database: ProofDatabase): Promise<ToolRun & { readonly differing: number }> {
  const run = await projectionsTool(database, 'verify', '--json');
  if (run.code > 1) return { ...run, differing: Infinity };
  const results = JSON.parse(run.output) as { differingOrganizations: number }[];
  return { ...run, differing: results.filter(({ differingOrganizations }) => differingOrganizations > 0).length };
}
