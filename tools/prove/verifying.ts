import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ProjectionOperations } from '@innkeep/platform/events';
import { root, testMasterKeys } from '@innkeep/testing';
import { projections } from './comparing';
import type { Proving } from './proof';
import { type ProofDatabase, masterKeys } from './proof-database';

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
      MASTER_KEYS: testMasterKeys,
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

/** Has the product compare its read models with the log, by its tool or, where seconds count, in this process; answers how many differ. */
export async function countDifferingModels(database: ProofDatabase, { isSmall, say }: Proving): Promise<number> {
  if (isSmall) {
    const { pool } = await database.openShard('proof-verify');
    const operations = new ProjectionOperations(pool, projections, masterKeys);
    const differing = await Promise.all(projections.map(({ name }) => operations.verify(name)));
    return differing.filter(({ length }) => length > 0).length;
  }
  say('verify, by the tool of the product');
  const { code, output } = await projectionsTool(database, 'verify', '--json');
  if (code !== 0) say(output);
  if (code > 1) throw new Error('verify could not compare');
  const results = JSON.parse(output) as { differingOrganizations: number }[];
  return results.filter(({ differingOrganizations }) => differingOrganizations > 0).length;
}
