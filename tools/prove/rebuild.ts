import { setTimeout as sleep } from 'node:timers/promises';
import { ProjectionOperations, type ProjectionStatus, readStatus } from '@innkeep/platform/events';
import { addOrganizations } from '@innkeep/testing';
import { untilCaughtUp } from './catching-up';
import { projections } from './comparing';
import { projectorProcesses } from './instances';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { masterKeys, openProofDatabase } from './proof-database';
import { Ledger, type Reading, Traffic } from './summary-traffic';
import { type ToolRun, projectionsTool } from './verifying';

const full = { history: 300_000, organizations: 200, writers: 12, rate: 500, rebuilds: 5, byTool: true };
const small = { history: 4_000, organizations: 20, writers: 4, rate: 100, rebuilds: 3, byTool: false };
const DAILY_SUMMARY = 'reports_daily_summary';

/** Looks at the status as an operator does, while a rebuild runs: it has to show the rebuild, then the swap. */
async function rebuildOnce(rebuilding: () => Promise<ToolRun>, statusOf: () => Promise<ProjectionStatus>) {
  const before = await statusOf();
  const started = performance.now();
  let isOver = false;
  const running = rebuilding().finally(() => (isOver = true));
  let wasShown = false;
  while (!isOver) {
    wasShown ||= (await statusOf()).isRebuilding;
    await sleep(5);
  }
  const { code, output } = await running;
  const after = await statusOf();
  const wasSwapped = after.changedAt > before.changedAt && after.state === 'live' && !after.isRebuilding;
  return { code, output, seconds: (performance.now() - started) / 1_000, wasSeen: wasShown && wasSwapped };
}

async function prove(proving: Proving): Promise<Verdict> {
  const size = proving.isSmall ? small : full;
  const database = await openProofDatabase(proving, { poolSize: size.writers + 2 });
  const [projector] = await projectorProcesses(['proof-projector'], proving, database);
  await projector!.start();
  const buckets = Array.from({ length: size.organizations }, (_, index) => 5 * Math.floor(index / 2));
  const organizations = await addOrganizations(database.database, buckets);
  const ledgers = organizations.map(({ organizationId }) => new Ledger(organizationId, organizationId * 10));
  const traffic = new Traffic(proving, database, ledgers, size);
  proving.say(`writing ${size.history.toLocaleString('en')} events to rebuild from`);
  await traffic.writeHistory();
  await untilCaughtUp(database);
  const { pool } = await database.openShard('proof-status');
  const statusOf = async () => (await readStatus(pool)).find(({ name }) => name === DAILY_SUMMARY)!;
  traffic.start();
  await sleep(500);
  const operations = new ProjectionOperations(pool, projections, masterKeys);
  const rebuilding = size.byTool
    ? () => projectionsTool(database, 'rebuild', DAILY_SUMMARY, '--json')
    : () => operations.rebuild(DAILY_SUMMARY).then(() => ({ code: 0, output: '' }));
  const runs = [];
  for (let n = 1; n <= size.rebuilds; n++) {
    const run = await rebuildOnce(rebuilding, statusOf);
    runs.push(run);
    proving.say(
      `rebuild ${n} of ${size.rebuilds} in ${run.seconds.toFixed(1)} s at ${traffic.rate} writes/s: ${run.output.trim()}`,
    );
  }
  await sleep(500);
  const { rate } = traffic;
  await traffic.stop();
  for (const failure of traffic.failures.slice(0, 3)) proving.say(String(failure));
  const isWrong = ({ ledger, position, receivedCents, count }: Reading) =>
    count !== position || receivedCents !== ledger.sumAt(position);
  const wrong = traffic.readings.filter(isWrong);
  for (const { ledger, position, receivedCents, count } of wrong.slice(0, 3))
    proving.say(`at ${position}: ${count} transactions, ${receivedCents} instead of ${ledger.sumAt(position)}`);
  return verdictOf(
    {
      'reads or writes that failed': traffic.failures.length,
      'reads that were not what the log says at their position': wrong.length,
      'reads behind what the same reader had seen': traffic.backwards,
      'rebuilds that failed': runs.filter(({ code }) => code !== 0).length,
      'rebuilds that the status did not show': runs.filter(({ wasSeen }) => !wasSeen).length,
    },
    `${runs.length} rebuilds of the daily summary over ${traffic.written.toLocaleString('en')} events at ${rate} writes/s ` +
      `(${size.rate} aimed at), ${traffic.readings.length.toLocaleString('en')} reads meanwhile`,
  );
}

/** A read model is built anew and swapped in while it is written and read. */
export const rebuild: Proof = {
  claim: 'the daily summary is rebuilt under load, and no read fails, is wrong or goes back',
  prove,
};
