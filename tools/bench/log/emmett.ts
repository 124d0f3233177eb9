import { ownPackage, runProgram } from '../own-package';
import type { LogBench } from './experiment';

const FOLD_WITHIN_MS = 600_000;

/** Emmett's fold of the same events. Commits wait for the disk as little as those of the projector. */
export async function foldByEmmett(bench: LogBench, adminUrl: string): Promise<{ events: number; seconds: number }> {
  const { PATH, HOME } = process.env;
  const folder = await ownPackage('emmett', '@event-driven-io/emmett-postgresql', bench);
  const url = new URL(adminUrl);
  url.searchParams.set('options', '-c synchronous_commit=off');
  const env = { PATH, HOME, DATABASE_URL: url.toString() };
  const running = { folder, env, timeout: FOLD_WITHIN_MS, reaper: bench.reaper };
  const output = await runProgram(process.execPath, ['fold.mjs'], running);
  return JSON.parse(output.trim().split('\n').at(-1)!) as { events: number; seconds: number };
}
