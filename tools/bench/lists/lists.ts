import { randomBytes } from 'node:crypto';
import { AppProcess, freePorts, randomnessFrom, testMasterKeys } from '@innkeep/testing';
import { type Size, transactionsOfEach } from '../../seed/size/size';
import { PASSWORD, summaryOf } from '../../seed/size/summary';
import { seedByCopy } from '../../seed/size/seed-by-copy';
import { readDocument } from '../../prove/fuzz/api-document';
import type { Finding, LogBench } from '../log/experiment';
import { type LogDatabase, masterKeys, openLogDatabase, readModels } from '../log/log-database';
import { projectorProcess, redisOf } from '../log/projector-process';
import { percentile } from '../percentile';
import { limits, script } from '../surroundings';
import { type ListRoute, listRoutes } from './list-routes';
import { Visitor } from './visitor';

const TARGET_MS = 50;
/** So many organizations are asked for each page once, so that no tier can have it. */
const ASKED = 60;
/** And before them some, for what connections remember of statements. */
const WARMING = 6;
const LARGEST = 3;

/** What a route took: organizations of all sizes, and the largest by themselves. In milliseconds. */
interface Taken {
  readonly route: ListRoute;
  readonly all: readonly number[];
  readonly largest: readonly number[];
  /** How many had nothing to show. */
  readonly empty: number;
  readonly refusal?: string;
}

async function startApi(bench: LogBench, { database }: LogDatabase): Promise<AppProcess> {
  const [{ newSigningKey }, [port]] = await Promise.all([script('start/secrets.mjs'), freePorts(1)]);
  const api = new AppProcess({
    name: 'api',
    port: port!,
    reaper: bench.reaper,
    environment: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      DATABASE_URL: database.urlFor('api'),
      REDIS_URL: redisOf(bench),
      MASTER_KEYS: testMasterKeys,
      HOST: '127.0.0.1',
      PORT: String(port),
      ...limits,
      OPERATOR_PORT: 'off',
      SIGNING_KEYS: JSON.stringify([newSigningKey()]),
      TOKEN_SECRET: randomBytes(32).toString('base64url'),
    },
  });
  bench.atEnd(() => api.stop());
  await api.start();
  return api;
}

async function measureRoute(
  route: ListRoute,
  { warming, others, largest }: Readonly<Record<'warming' | 'others' | 'largest', readonly Visitor[]>>,
): Promise<Taken> {
  for (const visitor of warming) await visitor.ask(route);
  const taken = { route, all: [] as number[], largest: [] as number[], empty: 0 };
  for (const visitor of [...largest, ...others]) {
    const answer = await visitor.ask(route);
    if (answer === undefined) continue;
    if (typeof answer === 'string') return { ...taken, refusal: answer };
    taken.all.push(answer.milliseconds);
    if (largest.includes(visitor)) taken.largest.push(answer.milliseconds);
    if (answer.isEmpty) taken.empty++;
  }
  return taken.all.length > 0 ? taken : { ...taken, refusal: 'nobody has any' };
}

function findingOf({ route, all, largest, empty, refusal }: Taken): Finding {
  const row = { what: 'lists', subject: route.path };
  if (refusal !== undefined) return { ...row, figure: `not measured: ${refusal}` };
  const sorted = [...all].sort((a, b) => a - b);
  const p95 = percentile(sorted, 0.95);
  const shown = [percentile(sorted, 0.5), p95, Math.max(0, ...largest)].map((value) => value.toFixed(1));
  const figure = `p50 ${shown[0]}, p95 ${shown[1]} ms; largest organizations at most ${shown[2]}`;
  return {
    ...row,
    figure: empty > 0 ? `${figure}; ${empty} of ${all.length} empty` : figure,
    target: `p95 under ${TARGET_MS} ms`,
    isMet: p95 < TARGET_MS,
  };
}

/** Whom to ask: the largest, and others by chance. */
function chooseOrganizations(size: Size) {
  const counts = transactionsOfEach(size);
  const bySize = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!);
  const random = randomnessFrom(size.seed);
  const rest = bySize.slice(LARGEST);
  const draw = (count: number) =>
    Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(random.integer(rest.length), 1)[0]!);
  return { largest: bySize.slice(0, LARGEST), warming: draw(WARMING), others: draw(ASKED - LARGEST) };
}

/** How long lists, reports and dashboards take when no cache has them, among many organizations. */
export async function lists(bench: LogBench): Promise<Finding[]> {
  const { organizations, transactions, say } = bench;
  const size: Size = { organizations, transactions, seed: 7 };
  const log = await openLogDatabase(bench);
  const projector = await projectorProcess(bench, log);
  // Makes the tracks; the projector has nothing to do after a seeding.
  await projector.start();
  await projector.stop();
  const seeded = await seedByCopy({
    databaseUrl: log.database.adminUrl,
    ...{ masterKeys, projections: readModels, size, password: PASSWORD, say },
  });
  for (const line of summaryOf(size, seeded)) say(line);
  // As a database is that was not filled a moment ago.
  await log.admin.query('vacuum');
  const { url } = await startApi(bench, log);
  const chosen = chooseOrganizations(size);
  const signIn = async (indexes: readonly number[]) => {
    const visitors: Visitor[] = [];
    for (const index of indexes) visitors.push(await Visitor.signIn(url, size, seeded, index));
    return visitors;
  };
  const visitors = {
    largest: await signIn(chosen.largest),
    warming: await signIn(chosen.warming),
    others: await signIn(chosen.others),
  };
  const { operations } = await readDocument(url);
  const findings: Finding[] = [];
  for (const route of listRoutes(operations)) findings.push(findingOf(await measureRoute(route, visitors)));
  return findings;
}
