import type { BenchOptions } from './bench-options';
import type { Load, LoadResult } from './load';
import type { Scenario, Subject } from './scenarios';
import { SlowSockets } from './slow-sockets';

export const CONNECTIONS = 32;
const WARM_UP_SECONDS = 0.3;
/** The longest that one request in a hundred may take. In milliseconds. */
export const P99_TARGET_MS = 50;

type Figures = Pick<LoadResult, 'rps' | 'p50' | 'p95' | 'p99'>;

export interface Measured extends Figures {
  readonly server: string;
}

export interface Verdict {
  readonly name: string;
  readonly product: Measured;
  readonly yardsticks: readonly Measured[];
  /** The product's throughput as a share of each yardstick's: the median of the rounds' own ratios. */
  readonly ratios: readonly number[];
  readonly target?: number;
  /** The product's p99 as a multiple of the first yardstick's, where that has a target. */
  readonly p99?: { readonly ratio: number; readonly most: number };
  readonly isMet: boolean;
}

/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

async function once(load: Load, subject: Subject, seconds: number): Promise<LoadResult> {
  const { port, requests, status, name } = subject;
  const order = { port, requests, connections: CONNECTIONS, seconds, warmUpSeconds: WARM_UP_SECONDS };
  const slow = subject.slowSockets ? await SlowSockets.open(port, subject.slowSockets) : undefined;
  const result = await load.run(order).finally(() => slow?.close());
  const others = Object.keys(result.statuses).filter((found) => Number(found) !== status);
  if (others.length > 0)
    throw new Error(`${name} answered ${JSON.stringify(result.statuses)}, expected ${status} only`);
  return result;
}

const medians = (server: string, rounds: readonly LoadResult[]): Measured => {
  const of = (figure: keyof Figures) => median(rounds.map((round) => round[figure]));
  return { server, rps: of('rps'), p50: of('p50'), p95: of('p95'), p99: of('p99') };
};

/**
 * Measures product and yardsticks in turns, and each round in the other order: on a machine that others use too, figures drift,
 * and neighbours in time drift together.
 */
export async function measure(
  load: Load,
  { name, product, yardsticks, target, p99Share }: Scenario,
  { rounds, seconds }: BenchOptions,
): Promise<Verdict> {
  const subjects = [product, ...yardsticks];
  const results: LoadResult[][] = subjects.map(() => []);
  for (const subject of subjects) await once(load, subject, 1);
  for (let round = 0; round < rounds; round++) {
    const order = [...subjects.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) results[index]!.push(await once(load, subjects[index]!, seconds));
  }
  const [own, ...others] = results as [LoadResult[], ...LoadResult[][]];
  const ratios = others.map((rival) => median(own.map(({ rps }, round) => rps / rival[round]!.rps)));
  const figures = medians(product.name, own);
  const longer = median(own.map(({ p99 }, round) => p99 / others[0]![round]!.p99));
  const p99 = p99Share === undefined ? undefined : { ratio: longer, most: p99Share };
  const isQuick = p99 ? p99.ratio <= p99.most : figures.p99 < P99_TARGET_MS;
  return {
    name,
    product: figures,
    yardsticks: yardsticks.map((yardstick, index) => medians(yardstick.name, others[index]!)),
    ratios,
    target,
    p99,
    isMet: isQuick && (target === undefined || ratios[0]! >= target),
  };
}
