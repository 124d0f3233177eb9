import { setTimeout as sleep } from 'node:timers/promises';
import { ProjectionOperations } from '@innkeep/platform/events';
import type { AppProcess } from '@innkeep/testing';
import type { Client } from 'pg';
import { type Finding, type LogBench, type Scale, rounded } from './experiment';
import { type HistorySize, generateLog } from './generate-log';
import { idleCost } from './idle-cost';
import { DAILY_SUMMARY, type LogDatabase, masterKeys, openLogDatabase, readModels } from './log-database';
import { canLookAtProcesses, eventsBehind, projectorProcess, residentMegabytes } from './projector-process';

const sizes: Readonly<Record<Scale, HistorySize>> = {
  small: { organizations: 2_000, events: 100_000, properties: 5, isOnlyApprovals: false },
  full: { organizations: 100_000, events: 5_000_000, properties: 5, isOnlyApprovals: false },
};
const MEMORY_TARGET_MB = 300;
const LOOK_MS = 250;

/** Reactors begin behind the history: what they do outside is not measured here, and nobody needs the purges of a made-up past. */
const passReactorsBy = `
update events.checkpoints c set position = b.position, recorded_at = b.recorded_at
from events.buckets b where b.bucket = c.bucket and c.track like 'reactor:%'`;

interface CatchingUp {
  readonly seconds: number;
  /** What the projector held at each look, in MB. */
  readonly megabytes: readonly number[];
}

/** Lets a projector fold the whole history into all read models, and looks at its memory meanwhile. */
async function catchUp({ admin }: LogDatabase, projector: AppProcess, say: LogBench['say']): Promise<CatchingUp> {
  const started = performance.now();
  await projector.start();
  const megabytes: number[] = [];
  let saidAt = started;
  for (let behind = await eventsBehind(admin); behind > 0; behind = await eventsBehind(admin)) {
    projector.assertDidNotCrash();
    if (canLookAtProcesses) megabytes.push(await residentMegabytes(projector.pid!));
    if (performance.now() - saidAt > 10_000) {
      saidAt = performance.now();
      say(`scale: ${rounded(behind)} events to go`);
    }
    await sleep(LOOK_MS);
  }
  const seconds = (performance.now() - started) / 1_000;
  if (canLookAtProcesses) megabytes.push(await residentMegabytes(projector.pid!));
  return { seconds, megabytes };
}

function memory({ megabytes }: CatchingUp): Finding {
  const row = {
    what: 'scale',
    subject: 'memory of the projector while it folds',
    target: `under ${MEMORY_TARGET_MB} MB`,
  };
  if (megabytes.length === 0) return { ...row, figure: 'not measured: only on Linux' };
  const middle = Math.ceil(megabytes.length / 2);
  const peak = (part: readonly number[]) => rounded(Math.max(...part, 0));
  const halves =
    megabytes.length > 1
      ? `; ${peak(megabytes.slice(0, middle))} in the first half, ${peak(megabytes.slice(middle))} in the second`
      : '';
  return { ...row, figure: `at most ${peak(megabytes)} MB${halves}`, isMet: Math.max(...megabytes) < MEMORY_TARGET_MB };
}

/** Builds the daily summary anew beside the live one, while the projector runs. Answers with the seconds. */
async function rebuild(log: LogDatabase): Promise<number> {
  const shard = await log.openShard('projector');
  const operations = new ProjectionOperations(shard.pool, readModels, masterKeys);
  const started = performance.now();
  await operations.rebuild(DAILY_SUMMARY);
  const seconds = (performance.now() - started) / 1_000;
  await operations.dropBefore(DAILY_SUMMARY);
  return seconds;
}

const databaseSize = async (admin: Client) => {
  const { rows } = await admin.query<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as size',
  );
  return rows[0]!.size;
};

/** A projector with a long history of many organizations: catching up, a rebuild, and what it costs when nothing happens. */
export async function scale(bench: LogBench): Promise<Finding[]> {
  const size = sizes[bench.scale];
  const log = await openLogDatabase(bench);
  const projector = await projectorProcess(bench, log);
  // Makes the tracks while the log is empty, so that the read models are live from its first event on.
  await projector.start();
  await projector.stop();
  const events = await generateLog(log.admin, size, (line) => bench.say(`scale: ${line}`));
  await log.admin.query(passReactorsBy);
  bench.say('scale: folding into all read models');
  const caughtUp = await catchUp(log, projector, bench.say);
  bench.say('scale: rebuilding the daily summary');
  const rebuilt = await rebuild(log);
  const idle = await idleCost(bench, log, projector);
  projector.assertDidNotCrash();
  const what = 'scale';
  const pace = (seconds: number) => `${seconds.toFixed(1)} s, ${rounded(events / seconds)} events/s`;
  return [
    {
      what,
      subject: 'history',
      figure: `${rounded(size.organizations)} organizations x ${size.properties} properties, ${rounded(events)} events, ${await databaseSize(log.admin)}`,
    },
    { what, subject: `catching up, all ${readModels.length} read models`, figure: pace(caughtUp.seconds) },
    { what, subject: 'rebuild of the daily summary', figure: pace(rebuilt) },
    memory(caughtUp),
    ...idle,
  ];
}
