import { readFile } from 'node:fs/promises';
import { AppProcess, freePorts, testMasterKeys } from '@innkeep/testing';
import type { Client } from 'pg';
import type { LogBench } from './experiment';
import type { LogDatabase } from './log-database';

/** A database number of Redis that nothing else in the run takes. */
const REDIS_DATABASE = 13;

export const redisOf = ({ redisUrl }: LogBench) => {
  const url = new URL(redisUrl);
  url.pathname = `/${REDIS_DATABASE}`;
  return url.toString();
};

/** A projector as it is delivered, on the database of an experiment; not started. */
export async function projectorProcess(bench: LogBench, { database }: LogDatabase): Promise<AppProcess> {
  const [port] = await freePorts(1);
  const projector = new AppProcess({
    name: 'projector',
    port: port!,
    reaper: bench.reaper,
    environment: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      DATABASE_URL: database.urlFor('projector'),
      REDIS_URL: redisOf(bench),
      MASTER_KEYS: testMasterKeys,
      HOST: '127.0.0.1',
      PROJECTOR_PORT: String(port),
    },
  });
  bench.atEnd(() => projector.stop());
  return projector;
}

/** How many events the read models have yet to take. */
export async function eventsBehind(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ behind: string }>(
    `select coalesce(sum(b.position - c.position), 0) as behind from events.buckets b join events.checkpoints c using (bucket) where c.track = 'live'`,
  );
  return Number(rows[0]!.behind);
}

/** What Linux says of a process; other systems do not say it in this way. */
export const canLookAtProcesses = process.platform === 'linux';

/** Clock ticks in a second, as `/proc` counts: the same on every Linux that Node runs on. */
const TICKS = 100;

/** Processor time that the processes have taken, in seconds; one that has ended counts for nothing. */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return text ? Number(fields[11]) + Number(fields[12]) : 0;
    }),
  );
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** Memory that a process holds, in MB. */
export async function residentMegabytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1_024;
}
