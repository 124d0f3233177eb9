import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '@innkeep/testing';
import type { Client } from 'pg';
import { type Finding, type LogBench } from './experiment';
import type { LogDatabase } from './log-database';
import { canLookAtProcesses, processorSeconds } from './projector-process';

const IDLE_SECONDS = 30;
/** After the load of before: the process still tidies up its memory for a while. */
const SETTLE_SECONDS = 60;
const PROCESSOR_TARGET_PERCENT = 2;

/** Every statement of an idle projector is a transaction of its own, so transactions are statements; one look is one of them. */
const transactions = async (admin: Client) => {
  const { rows } = await admin.query<{ count: string }>(
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]!.count);
};

/** The processes of the database that serve the projector. */
const sessionPids = async (admin: Client) => {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and usename = 'innkeep_projector' and application_name not like 'bench%'`,
  );
  return rows.map(({ pid }) => pid);
};

/** What a projector that owns all buckets takes while nothing is written: processor time of its own and of its sessions, and statements. */
export async function idleCost(bench: LogBench, { admin }: LogDatabase, projector: AppProcess): Promise<Finding[]> {
  bench.say(`scale: idle for ${IDLE_SECONDS} s`);
  await sleep(SETTLE_SECONDS * 1_000);
  const { rows } = await admin.query<{ owned: number }>(
    'select count(*)::int as owned from events.ownership where owner is not null',
  );
  const sessions = canLookAtProcesses ? await sessionPids(admin) : [];
  const used = async () =>
    canLookAtProcesses
      ? { own: await processorSeconds([projector.pid!]), sessions: await processorSeconds(sessions) }
      : { own: 0, sessions: 0 };
  const [before, statementsBefore] = [await used(), await transactions(admin)];
  const started = performance.now();
  await sleep(IDLE_SECONDS * 1_000);
  const [after, statementsAfter] = [await used(), await transactions(admin)];
  const seconds = (performance.now() - started) / 1_000;
  const percent = (from: number, to: number) => ((to - from) / seconds) * 100;
  const own = percent(before.own, after.own);
  const ofSessions = percent(before.sessions, after.sessions);
  const subject = `idle projector, ${rows[0]!.owned.toLocaleString('en')} buckets`;
  const what = 'scale';
  const target = `under ${PROCESSOR_TARGET_PERCENT} %`;
  return [
    canLookAtProcesses
      ? {
          what,
          subject: `${subject}, processor`,
          figure: `${(own + ofSessions).toFixed(1)} % of a core: ${own.toFixed(1)} % its own, ${ofSessions.toFixed(1)} % of its database sessions`,
          target,
          isMet: own + ofSessions < PROCESSOR_TARGET_PERCENT,
        }
      : { what, subject: `${subject}, processor`, figure: 'not measured: only on Linux', target },
    {
      what,
      subject: `${subject}, statements`,
      figure: `${((statementsAfter - statementsBefore - 1) / seconds).toFixed(1)} statements/s`,
    },
  ];
}
