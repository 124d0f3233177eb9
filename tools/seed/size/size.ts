import { createHash } from 'node:crypto';
import { numbersFrom } from '@innkeep/testing';

/** How much is asked for. */
export interface Size {
  readonly organizations: number;
  readonly transactions: number;
  /** Decides all that is made up. */
  readonly seed: number;
}

export const PROPERTIES = 5;
export const USERS = 5;
/** Transactions of an organization, where nobody says how many there are. */
export const TRANSACTIONS = 50;

/** The first ids of what is seeded; the others follow without a gap. */
export interface FirstIds {
  readonly organization: number;
  readonly user: number;
  readonly property: number;
}

/** One organization of many, before anything of it is made up. */
export interface Planned {
  /** From 0. */
  readonly index: number;
  readonly organizationId: number;
  readonly bucket: number;
  readonly transactions: number;
}

/** Buckets that are written in one transaction, with their organizations. */
export interface Share {
  readonly buckets: readonly number[];
  readonly organizations: readonly Planned[];
}

/** The bucket that the directory gives an organization that nobody chooses one for. */
export const defaultBucket = (organizationId: number): number =>
  createHash('md5').update(String(organizationId)).digest().readUInt32BE(0) & 1023;

/** Most are small, some are ten times as large, and one in a hundred is a hundred times as large. */
function weight(random: () => number): number {
  const kind = random();
  const within = 0.5 + random();
  return kind < 0.01 ? 100 * within : kind < 0.1 ? 10 * within : within;
}

/** How many transactions each organization has; as many in all as were asked for. */
export function transactionsOfEach({ organizations, transactions, seed }: Size): Uint32Array {
  const random = numbersFrom(seed);
  const weights = Float64Array.from({ length: organizations }, () => weight(random));
  const sum = weights.reduce((total, one) => total + one, 0);
  const counts = new Uint32Array(organizations);
  let carried = 0;
  let given = 0;
  for (let index = 0; index < organizations; index++) {
    carried += (weights[index]! / sum) * transactions;
    // Cut off against the running sum, so that nothing is lost to rounding.
    const upTo = index === organizations - 1 ? transactions : Math.round(carried);
    counts[index] = upTo - given;
    given = upTo;
  }
  return counts;
}

/** Events that one transaction writes at least, if there are so many: beyond it what a transaction costs by itself hardly shows. */
const SHARE_TRANSACTIONS = 4_000;

/** All organizations in the order of their buckets, a share at a time; the first organization is in the first share. */
export function* sharesOf(size: Size, first: FirstIds): Generator<Share> {
  const counts = transactionsOfEach(size);
  const byBucket: number[][] = Array.from({ length: 1_024 }, () => []);
  for (let index = 0; index < size.organizations; index++)
    byBucket[defaultBucket(first.organization + index)]!.push(index);
  let buckets: number[] = [];
  let organizations: Planned[] = [];
  let held = 0;
  const begin = defaultBucket(first.organization);
  for (let step = 0; step < byBucket.length; step++) {
    const bucket = (begin + step) % byBucket.length;
    const indexes = byBucket[bucket]!;
    if (indexes.length === 0) continue;
    buckets.push(bucket);
    for (const index of indexes) {
      organizations.push({ index, organizationId: first.organization + index, bucket, transactions: counts[index]! });
      held += counts[index]!;
    }
    if (held < SHARE_TRANSACTIONS) continue;
    yield { buckets, organizations };
    [buckets, organizations, held] = [[], [], 0];
  }
  if (organizations.length > 0) yield { buckets, organizations };
}
