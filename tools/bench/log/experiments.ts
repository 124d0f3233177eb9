import { Reaper } from '@innkeep/testing';
import type { BenchOptions } from '../bench-options';
import { type ExperimentName, experimentNames } from '../scenario-names';
import type { Servers, Shutdown } from '../surroundings';
import type { Experiment, Finding } from './experiment';

/** Each is loaded when it is run: with it comes the whole product. */
const experiments: Readonly<Record<ExperimentName, () => Promise<Experiment>>> = {
  fold: async () => (await import('./fold.js')).fold,
  latency: async () => (await import('./latency.js')).latency,
  scale: async () => (await import('./scale.js')).scale,
  purge: async () => (await import('./purge.js')).purge,
  lists: async () => (await import('../lists/lists.js')).lists,
  edge: async () => (await import('../edge.js')).edge,
};

/** Which of them are asked for; all, where nothing is named. */
export const experimentsAsked = (only: readonly string[]): readonly ExperimentName[] =>
  experimentNames.filter((name) => only.length === 0 || only.includes(name));

interface Asked {
  readonly servers: Servers;
  readonly shutdown: Shutdown;
  readonly options: BenchOptions;
  say(line: string): void;
}

/** Runs experiments one after the other, each with nothing left of the one before. */
export async function runExperiments(
  names: readonly ExperimentName[],
  { servers, shutdown, options, say }: Asked,
): Promise<Finding[]> {
  const reaper = new Reaper();
  shutdown.add(() => reaper.close());
  const findings: Finding[] = [];
  for (const name of names) {
    const undos: (() => Promise<unknown>)[] = [];
    const undoAll = async () => {
      for (let undo = undos.pop(); undo; undo = undos.pop()) await undo();
    };
    shutdown.add(undoAll);
    const run = await experiments[name]();
    const atEnd = (undo: () => Promise<unknown>) => void undos.push(undo);
    say(`measuring ${name}`);
    findings.push(...(await run({ ...options, redisUrl: servers.redisUrl, reaper, say, atEnd })));
    await undoAll();
  }
  return findings;
}
