import 'reflect-metadata';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, readOptions } from './bench-options';
import { Load } from './load';
import { experimentsAsked, runExperiments } from './log/experiments';
import type { Finding } from './log/experiment';
import { findingsTable } from './log/findings-table';
import { CONNECTIONS, type Verdict, measure } from './measure';
import { benchRealtime } from './realtime/bench-realtime';
import { resultsTable } from './results-table';
import { scenarioNames } from './scenario-names';
import { reportPath, scenarios } from './scenarios';
import { type BenchOrganization, seedOrganizations } from './seed-organizations';
import {
  type Servers,
  type Shutdown,
  type Surroundings,
  prepareShutdown,
  startServers,
  startSurroundings,
} from './surroundings';
import type { KeptAnswer } from './thin-server';
import { listStatement, reportStatement } from './thin-statements';

/** `npm run bench`: the product beside the thinnest servers that do the same work, in one run. */

const say = (line: string) => process.stderr.write(`  ${line}\n`);

/** The report of each organization, once it comes from memory: after the purges that the approvals asked for have run. */
async function keptAnswer(api: number, organization: BenchOrganization): Promise<KeptAnswer> {
  const url = `http://127.0.0.1:${api}${reportPath(organization)}`;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${organization.accessToken}` } });
    const body = await response.text();
    if (response.headers.get('cache-status')?.includes('hit')) return { body, etag: response.headers.get('etag')! };
  }
  throw new Error('the API does not keep the monthly report in memory');
}

function printMachine({ servers }: Servers): void {
  const [cpu] = cpus();
  console.log(
    `${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}, Node ${process.version}, PostgreSQL ${servers.postgres.version}`,
  );
  console.log(
    'fsync, synchronous_commit and full_page_writes are on; servers, load and measured processes share the machine\n',
  );
}

function printConditions({ poolSize, limits }: Surroundings, options: BenchOptions): void {
  const shown = Object.entries(limits).map(([name, limit]) => `${name}=${limit}`);
  console.log(
    `${CONNECTIONS} connections, pools of ${poolSize}; medians of ${options.rounds} rounds of ${options.seconds} s, in turns`,
  );
  console.log('the thin servers check no token, no limit and no schema, and write no log and no metrics');
  console.log(`limits (requests a minute): ${shown.join(', ')}\n`);
}

interface Results {
  readonly findings: readonly Finding[];
  readonly verdicts: readonly Verdict[];
}

/** What concerns the event log comes first: nothing else runs then. */
async function bench(options: BenchOptions, shutdown: Shutdown): Promise<Results> {
  const servers = await startServers(shutdown, say);
  printMachine(servers);
  if (options.only.includes('realtime')) await benchRealtime(options.scale, servers, shutdown);
  const asked = experimentsAsked(options.only);
  const findings = asked.length > 0 ? await runExperiments(asked, { servers, shutdown, options, say }) : [];
  const isHttpAsked = options.only.length === 0 || scenarioNames.some((name) => options.only.includes(name));
  return { findings, verdicts: isHttpAsked ? await benchHttp(servers, options, shutdown) : [] };
}

async function benchHttp(servers: Servers, options: BenchOptions, shutdown: Shutdown): Promise<Verdict[]> {
  const surroundings = await startSurroundings(servers, shutdown, say);
  const { api, coldApi, unlimitedApi, adminUrl } = surroundings;
  say(`signing up ${CONNECTIONS} organizations`);
  const organizations = await seedOrganizations(api, adminUrl, CONNECTIONS);
  say('waiting until the reports are kept in memory');
  const answers = await Promise.all(organizations.map((organization) => keptAnswer(api, organization)));
  const thin = await surroundings.startThinServer({
    organizations,
    answers,
    reports: organizations.map(reportStatement),
    lists: organizations.map(listStatement),
  });
  const load = new Load();
  shutdown.add(() => load.stop());
  printConditions(surroundings, options);
  const verdicts: Verdict[] = [];
  for (const scenario of scenarios({ api, coldApi, unlimitedApi, thin }, organizations, answers)) {
    if (options.only.length > 0 && !options.only.includes(scenario.name)) continue;
    say(`measuring ${scenario.name}`);
    verdicts.push(await measure(load, scenario, options));
  }
  return verdicts;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const interrupted = new Promise<number>((resolve) => {
    shutdownReady = prepareShutdown(() => resolve(130));
  });
  const shutdown = await shutdownReady!;
  const running = bench(options, shutdown).then(({ findings, verdicts }) => {
    if (findings.length > 0) console.log(`${findingsTable(findings)}\n`);
    if (verdicts.length > 0) console.log(resultsTable(verdicts));
    if (options.isJson) console.log(JSON.stringify([...findings, ...verdicts]));
    return options.isStrict && [...findings, ...verdicts].some(({ isMet }) => isMet === false) ? 1 : 0;
  });
  try {
    return await Promise.race([running, interrupted]);
  } finally {
    running.catch(() => undefined);
    await shutdown.stop();
  }
}

let shutdownReady: Promise<Shutdown> | undefined;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
