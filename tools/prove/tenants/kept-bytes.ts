import { gunzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import type { Tenant } from './organization';

/** What was found in what servers keep. */
export interface KeptBytes {
  readonly entries: number;
  /** Entries of one organization with something of another. */
  readonly crossings: number;
  /** Entries with a secret of anybody. */
  readonly secrets: number;
  /** Entries with what belongs to their own organization: where there are none nothing was looked through. */
  readonly own: number;
}

const PAGE = 500;
const GZIP = Buffer.from([0x1f, 0x8b]);

const plain = (value: Buffer): string => {
  if (!value.subarray(0, 2).equals(GZIP)) return value.toString();
  return gunzipSync(value).toString();
};

/** All that a key holds, as text. */
async function valuesOf(redis: Redis, key: string): Promise<string> {
  const readers: Record<string, () => Promise<unknown>> = {
    string: () => redis.getBuffer(key),
    hash: () => redis.callBuffer('HGETALL', key),
    list: () => redis.lrangeBuffer(key, 0, -1),
    set: () => redis.smembersBuffer(key),
    zset: () => redis.zrangeBuffer(key, 0, -1),
    stream: () => redis.callBuffer('XRANGE', key, '-', '+'),
  };
  const value = await readers[await redis.type(key)]?.();
  const flat = [value].flat(Infinity) as unknown[];
  return flat.map((part) => (Buffer.isBuffer(part) ? plain(part) : String(part ?? ''))).join('\n');
}

/** Looks through everything that a Redis holds: each key with its values. */
async function* entriesOf(url: string): AsyncGenerator<readonly [key: string, text: string]> {
  const redis = new Redis(url);
  try {
    for (let cursor = '0'; ;) {
      const [next, keys] = await redis.scan(cursor, 'COUNT', PAGE);
      for (const key of keys) yield [key, await valuesOf(redis, key)];
      if (next === '0') return;
      cursor = next;
    }
  } finally {
    redis.disconnect();
  }
}

const ORGANIZATION = /\{(\d+)\}/;

/** Looks for what is secret and for what stands at the wrong organization, in all that several Redis servers hold. */
export async function searchRedis(
  urls: readonly string[],
  tenants: readonly Tenant[],
  say: (line: string) => void,
): Promise<KeptBytes> {
  const found = { entries: 0, crossings: 0, secrets: 0, own: 0 };
  const secrets = tenants.flatMap((tenant) => tenant.secrets);
  for (const url of urls)
    for await (const [key, values] of entriesOf(url)) {
      found.entries++;
      const text = `${key}\n${values}`;
      const organizationId = Number(ORGANIZATION.exec(key)?.[1]);
      const named = tenants.filter(({ canary }) => text.includes(canary));
      if (named.some((tenant) => tenant.organizationId === organizationId)) found.own++;
      const isCrossed = named.some((tenant) => tenant.organizationId !== organizationId);
      const isSecret = secrets.some((secret) => text.includes(secret));
      if (isCrossed) found.crossings++;
      if (isSecret) found.secrets++;
      if (isCrossed || isSecret) say(`${isSecret ? 'a secret' : 'of another organization'} in ${key}`);
    }
  return found;
}

/** How many of the secrets stand anywhere in a storage. */
export const secretsIn = (storage: Buffer, tenants: readonly Tenant[]): number =>
  tenants.flatMap(({ secrets }) => secrets).filter((secret) => storage.includes(secret)).length;
