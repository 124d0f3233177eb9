import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppProcess,
  type CdnSimulator,
  type Fault,
  closedGate,
  fastlyDialect,
  simulateCdn,
} from '@innkeep/testing';
import { percentile } from '../bench/percentile';
import { startApps } from './apps';
import { untilCaughtUp, untilNoneLeft } from './catching-up';
import { OwnRedis } from './own-redis';
import { PageWatch } from './page-watch';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { type ProofDatabase, openProofDatabase } from './proof-database';

/** What is to be lived through. */
interface Trouble {
  readonly name: string;
  /** Brings it about and ends when it is over. */
  run(scene: Scene, seconds: number): Promise<void>;
}

interface Scene {
  readonly cdn: CdnSimulator;
  readonly worker: AppProcess;
  readonly redis: OwnRedis;
  readonly watch: PageWatch;
}

const faulty = (name: string, fault: Fault): Trouble => ({
  name,
  run: async ({ cdn }, seconds) => {
    cdn.fault = fault;
    await sleep(seconds * 1_000);
    cdn.fault = undefined;
  },
});

const killed: Trouble = {
  name: 'the worker killed after the CDN purged and before it said so',
  run: async ({ cdn, worker }) => {
    const accepted = closedGate();
    cdn.beforeAnswer = async () => {
      cdn.beforeAnswer = undefined;
      await worker.kill();
      accepted.open();
    };
    await accepted.passed;
    await worker.start();
  },
};

const flushed: Trouble = { name: 'Redis emptied while purges wait', run: ({ redis }) => redis.flush() };

/** Held back for less than the deadline of the origin, which is the most that an answer may take and still be kept. */
const HELD_BACK_MS = 3_500;

const slowRead: Trouble = {
  name: 'an answer that was read before a change and reached the edge after its purge',
  run: async ({ cdn }) => {
    const stored = closedGate();
    cdn.edge.beforeStoring = async () => {
      cdn.edge.beforeStoring = undefined;
      await sleep(HELD_BACK_MS);
      stored.open();
    };
    await stored.passed;
  },
};

/** What takes least first: who has little patience has seen most of them. */
const full: readonly (readonly [Trouble, seconds: number])[] = [
  [slowRead, 0],
  [killed, 0],
  [flushed, 0],
  [faulty('a CDN that purges only some', 'partial'), 15],
  [faulty('429 with Retry-After', { throttle: true, retryAfter: 4 }), 15],
  [faulty('429 without end and without a word for how long', { throttle: true }), 20],
  [faulty('a CDN that hangs', 'hang'), 20],
  [faulty('503', { status: 503 }), 30],
];
const small: typeof full = [
  [killed, 0],
  [faulty('503', { status: 503 }), 1],
  [faulty('a CDN that purges only some', 'partial'), 1],
  [flushed, 0],
];

/** How old an answer may be while nothing is wrong, and how long after something was. In seconds. */
const FRESH_WITHIN = 5;
const HEALED_WITHIN = 30;
/** A trouble that takes so much longer than it is to last was not brought about. In seconds. */
const PATIENCE = 180;
/** Between two troubles nothing is wrong for so long. In seconds. */
const CALM = 8;

/** Looks in between may be old: from the beginning of a trouble until what was changed by its end was seen. */
interface Spell {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** How long that took from its end on. In seconds. */
  readonly healedAfter: number;
}

/** Brings a trouble about; fails if that takes much longer than it is to last. */
async function bringAbout(trouble: Trouble, scene: Scene, seconds: number): Promise<void> {
  const patience = new AbortController();
  const over = sleep((seconds + PATIENCE) * 1_000, true, { signal: patience.signal, ref: false });
  try {
    const isOver = await Promise.race([trouble.run(scene, seconds).then(() => false), over]);
    if (isOver) throw new Error(`this trouble did not come about: ${trouble.name}`);
  } finally {
    patience.abort();
    over.catch(() => undefined);
  }
}

async function liveThrough(proving: Proving, scene: Scene, troubles: typeof full): Promise<Spell[]> {
  const spells: Spell[] = [];
  for (const [trouble, seconds] of troubles) {
    const from = Date.now();
    await bringAbout(trouble, scene, seconds);
    const healedAt = Date.now();
    const goal = scene.watch.changes.at(-1)!.total;
    // Seen by a reader who does not say which state he wants.
    await untilNoneLeft('changes are not seen at the edge', async () =>
      Math.max(0, goal - (await scene.watch.look()).total),
    );
    const to = Date.now();
    const healedAfter = (to - healedAt) / 1_000;
    proving.say(`${trouble.name}: fresh ${healedAfter.toFixed(1)} s after it was over`);
    spells.push({ name: trouble.name, from, to, healedAfter });
    if (!proving.isSmall) await sleep(CALM * 1_000);
  }
  return spells;
}

/** Events whose tags no receipt of a first purge names, itself or by what covers it. */
async function countWithoutReceipt(database: ProofDatabase): Promise<number> {
  const [row] = await database.asAdmin<{ count: string }>(
    `select count(*) from events.log l where l.type = 'TransactionApproved' and not exists (
       select from edge.purge_receipts r where r.organization_id = l.organization_id and not r.is_repetition and r.purged_at > l.recorded_at
         and (r.tags && array['org:' || l.organization_id, 'property:' || l.property_id, 'finance:summary:property:' || l.property_id]))`,
  );
  return Number(row!.count);
}

async function check(database: ProofDatabase, watch: PageWatch, spells: readonly Spell[], isSmall: boolean) {
  const isTroubled = (at: number) => spells.some(({ from, to }) => at >= from && at < to);
  const calm = watch.looks.filter(({ askedAt }) => !isTroubled(askedAt));
  const ages = calm.map((look) => watch.ageOf(look)).sort((a, b) => a - b);
  const findings = {
    'requests failed': watch.failures.length,
    'changes without a receipt': await countWithoutReceipt(database),
    // A busy machine is no broken promise: in small it is only looked at whether everything is fresh in the end.
    'troubles that were not over within 30 s': isSmall
      ? 0
      : spells.filter(({ healedAfter }) => healedAfter > HEALED_WITHIN).length,
    'answers older than 5 s while nothing was wrong': isSmall ? 0 : ages.filter((age) => age > FRESH_WITHIN).length,
  };
  const p99 = (ages.length === 0 ? 0 : percentile(ages, 0.99)).toFixed(2);
  const hits = Math.round((watch.looks.filter(({ isHit }) => isHit).length / Math.max(1, watch.looks.length)) * 100);
  return {
    findings,
    told: `${watch.looks.length} looks, ${hits} % from the edge, age in calm times at most ${p99} s in 99 of 100`,
  };
}

async function prove(proving: Proving): Promise<Verdict> {
  const { isSmall } = proving;
  const database = await openProofDatabase(proving, { poolSize: 2 });
  const redis = await OwnRedis.start(proving);
  let cdn!: CdnSimulator;
  const [api, , worker] = await startApps(proving, database, redis, async (port) => {
    cdn = await simulateCdn(fastlyDialect(), { origin: `http://127.0.0.1:${port}` });
    proving.atEnd(() => cdn.stop());
    return { CDN_PROVIDER: 'fastly', FASTLY_API_URL: cdn.url, FASTLY_SERVICE_ID: 'service', FASTLY_API_TOKEN: 'token' };
  });
  const watch = new PageWatch(api.url, cdn.url);
  await watch.start(proving, isSmall ? 4 : 2);
  await untilNoneLeft('the edge keeps nothing', async () => (cdn.edge.size > 0 && cdn.seen.length > 0 ? 0 : 1));
  if (!isSmall) await sleep(15_000);
  const scene = { cdn, worker, redis, watch };
  const { only } = proving;
  // One that is named is lived through in the small size too.
  const troubles = only ? full.filter(([{ name }]) => name.includes(only)) : isSmall ? small : full;
  const spells = await liveThrough(proving, scene, troubles);
  await watch.stop();
  proving.say('waiting until every purge is confirmed');
  await untilCaughtUp(database);
  await untilNoneLeft('purges are not carried out', async () => {
    const [row] = await database.asAdmin<{ left: string }>(
      'select count(*) as left from edge.purge_asks where repeats_left > 0',
    );
    return Number(row!.left);
  });
  const last = await watch.look();
  const { findings, told } = await check(database, watch, spells, isSmall);
  for (const failure of watch.failures.slice(0, 3)) proving.say(failure);
  return verdictOf(
    {
      ...findings,
      'pages that stayed old': watch.ageOf(last) > 0 ? 1 : 0,
      'answers that could not have been purged': cdn.edge.violations.length,
    },
    `${watch.changes.length - 1} changes and ${cdn.seen.length} purge requests through ${spells.length} troubles; ${told}`,
  );
}

/** What changed is fresh at the edge within seconds, whatever happens to those who purge it. */
export const purge: Proof = {
  claim: 'no answer of the edge is older than 5 s, or 30 s after something was wrong, and every purge has its receipt',
  prove,
};
