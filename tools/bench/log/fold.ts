import type { Shard } from '@innkeep/platform/database';
import type { Projection } from '@innkeep/platform/events';
import type { Client } from 'pg';
import { median } from '../measure';
import { foldByEmmett } from './emmett';
import { type Finding, type LogBench, rounded } from './experiment';
import { type HistorySize, generateLog } from './generate-log';
import { differingRows, foldByHand, prepareByHand, resetByHand } from './hand-written';
import { DAILY_SUMMARY, type LogDatabase, openLogDatabase, projectorOn, readModels, register } from './log-database';

const size: HistorySize = { organizations: 2_000, events: 60_000, properties: 2, isOnlyApprovals: true };
/** At most this many times slower than SQL by hand, and at least this many times faster than Emmett. */
const BY_HAND = 1.5;
const EMMETT = 15;

const rateOf = async (events: number, work: () => Promise<unknown>) => {
  const started = performance.now();
  await work();
  return (events * 1_000) / (performance.now() - started);
};

/** Events a second of a projector, from its start until it has folded everything. */
async function product(shard: Shard, projections: readonly Projection[], events: number): Promise<number> {
  let left = events;
  let done: (failure?: Error) => void = () => undefined;
  const all = new Promise<void>((resolve, reject) => (done = (failure) => (failure ? reject(failure) : resolve())));
  const projector = projectorOn(shard, projections, {
    folded: (count) => (left -= count) <= 0 && done(),
    failed: (error) => done(error as Error),
    parked: () => done(new Error('an event of the measurement could not be folded')),
  });
  try {
    return await rateOf(events, () => Promise.all([projector.start(), all]));
  } finally {
    await projector.stop();
  }
}

/** Empties the read models and turns the checkpoints back. */
const rewind = (client: Client, projections: readonly Projection[]) =>
  client.query(
    `truncate ${projections.map(({ table }) => table).join(', ')}, events.projection_heads;
     update events.checkpoints set position = 0, recorded_at = '-infinity'`,
  );

async function prepare(bench: LogBench, projections: readonly Projection[]) {
  const log = await openLogDatabase(bench);
  const shard = await log.openShard('projector');
  await register(shard, projections);
  const events = await generateLog(log.admin, size, bench.say);
  return { log, shard, events };
}

async function emmett(bench: LogBench, { database }: LogDatabase, events: number): Promise<number | string> {
  bench.say('fold: Emmett, once');
  try {
    const folded = await foldByEmmett(bench, database.adminUrl);
    if (folded.events !== events) return `folded ${folded.events} of ${events} events`;
    return folded.events / folded.seconds;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Folding the same events by the projector, by hand and by Emmett, in turns. */
export async function fold(bench: LogBench): Promise<Finding[]> {
  const dailySummary = readModels.filter(({ name }) => name === DAILY_SUMMARY);
  const daily = await prepare(bench, dailySummary);
  const all = await prepare(bench, readModels);
  await prepareByHand(daily.log.admin);
  const rates = { daily: [] as number[], all: [] as number[], byHand: [] as number[] };
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(round === 0 ? 'fold: warming up' : `fold: round ${round} of ${bench.rounds}`);
    await Promise.all([
      rewind(daily.log.admin, dailySummary),
      resetByHand(daily.log.admin),
      rewind(all.log.admin, readModels),
    ]);
    const byHand = await rateOf(daily.events, () => foldByHand(daily.log.admin));
    const dailyOnly = await product(daily.shard, dailySummary, daily.events);
    const everything = await product(all.shard, readModels, all.events);
    if ((await differingRows(daily.log.admin)) > 0) throw new Error('the projector and the yardstick disagree');
    if (round === 0) continue;
    rates.byHand.push(byHand);
    rates.daily.push(dailyOnly);
    rates.all.push(everything);
  }
  return findings(rates, await emmett(bench, daily.log, daily.events));
}

function findings(
  rates: Readonly<Record<'daily' | 'all' | 'byHand', readonly number[]>>,
  emmettRate: number | string,
): Finding[] {
  const perSecond = (rate: number) => `${rounded(rate)} events/s`;
  const slower = median(rates.byHand.map((rate, round) => rate / rates.daily[round]!));
  const own = median(rates.daily);
  const what = 'fold';
  const against: Finding =
    typeof emmettRate === 'number'
      ? {
          what,
          subject: 'Emmett, daily summary',
          figure: `${perSecond(emmettRate)}; innkeep ${(own / emmettRate).toFixed(1)} x`,
          target: `${EMMETT} x or more`,
          isMet: own / emmettRate >= EMMETT,
        }
      : { what, subject: 'Emmett, daily summary', figure: `not measured: ${emmettRate}` };
  return [
    {
      what,
      subject: 'innkeep, daily summary',
      figure: `${perSecond(own)}; by hand ${slower.toFixed(2)} x`,
      target: `${BY_HAND} x or less`,
      isMet: slower <= BY_HAND,
    },
    { what, subject: `innkeep, all ${readModels.length} read models`, figure: perSecond(median(rates.all)) },
    { what, subject: 'SQL by hand, daily summary', figure: perSecond(median(rates.byHand)) },
    against,
  ];
}
