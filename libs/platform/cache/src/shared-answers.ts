import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Redis, Result } from 'ioredis';
import type { AnswerFacts } from './cached-answer';
import { findEntry, forgetTags, keepEntry } from './shared-answers.scripts';

const [gzipOf, gunzipOf] = [promisify(gzip), promisify(gunzip)];

/** Bodies up to this are kept as they are; what is saved on smaller ones is not worth the time. In bytes. */
const PLAIN_BYTES = 1_024;
/** Larger bodies are not kept here: they would push out hundreds of others. In bytes. */
const MAX_BYTES = 1024 * 1024;
/** For how long an answer counts as fresh at the most, whatever its family. In milliseconds. */
export const FRESH_MS = 60_000;
/** For how long after that it is given to all but the one who reads it anew. In milliseconds. */
const STALE_MS = 15_000;
/** For how long a load is left alone to finish before another process begins one. In milliseconds. */
const LEASE_MS = 1_500;
/** How long a lookup may take before it counts as one that found nothing. In milliseconds. */
const PATIENCE_MS = 150;
/** For how long Redis is not asked after it failed. In milliseconds. */
const PAUSE_MS = 1_000;

/** An answer that another process read, and its body. */
export interface SharedAnswer extends AnswerFacts {
  readonly body: Buffer;
  readonly encoded?: Readonly<Record<string, Buffer>>;
}

/** What a lookup found, and whether who asked is the one to read the answer anew. */
export interface SharedLookup {
  readonly state: 'fresh' | 'stale' | 'miss' | 'absent';
  readonly isLeader: boolean;
  readonly answer?: SharedAnswer;
}

/** Redis did not answer, or was not asked: nothing was found, and nobody is waited for. */
const NOTHING: SharedLookup = { state: 'absent', isLeader: true };

/** The change of an organization that makes answers with these tags outdated. */
export interface Outdating {
  readonly organizationId: number;
  readonly tags: readonly string[];
  /** The organization's version from which on they are outdated. */
  readonly version: number;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    innkeepForgetTags(table: string, version: number, epoch: string, ...tags: string[]): Result<number, Context>;
  }
}

/**
 * The tier that all processes share: answers in Redis, which may forget any of them at any time. An answer counts only while none of
 * its tags was outdated by a later version than its own, so a change costs one write for each tag and no search for what carries
 * it; and only while the organization's table of tags is the one that was there when it was stored, so a table that was evicted takes
 * its answers with it. All keys of an organization are in one hash slot. Whatever is wrong with Redis is a miss.
 */
export class SharedAnswers {
  private pausedUntil = 0;

  constructor(private readonly redis: Redis) {
    // By its name: the script itself would be longer than what it is told for most organizations.
    redis.defineCommand('innkeepForgetTags', { numberOfKeys: 1, lua: forgetTags });
  }

  async find(organizationId: number, key: string, minPosition: number): Promise<SharedLookup> {
    try {
      const keys = keysOf(organizationId, key);
      const found = await this.ask(() =>
        this.redis.callBuffer(
          'EVAL',
          ...[findEntry, 3, keys.entry, keys.tags, keys.lease, minPosition, Date.now(), LEASE_MS],
        ),
      );
      const [state, isLeader, facts, body] = found as [Buffer, number, Buffer?, Buffer?];
      const lookup = { state: state.toString() as SharedLookup['state'], isLeader: isLeader === 1 };
      return facts && body ? { ...lookup, answer: await unpack(facts, body) } : lookup;
    } catch {
      return NOTHING;
    }
  }

  /** Keeps an answer, unless a newer one is there or one of its tags was outdated since. Never fails. */
  async store(organizationId: number, key: string, answer: SharedAnswer, freshMs: number): Promise<void> {
    if (answer.body.length > MAX_BYTES || freshMs <= 0) return;
    try {
      const { body, encoded: _encoded, ...facts } = answer;
      const isPacked = body.length > PLAIN_BYTES;
      const packed = isPacked ? await gzipOf(body) : body;
      const keys = keysOf(organizationId, key);
      const fresh = Math.min(freshMs, FRESH_MS);
      await this.ask(() =>
        this.redis.eval(
          keepEntry,
          3,
          ...[keys.entry, keys.tags, keys.lease],
          ...[answer.position, Date.now() + fresh, fresh + STALE_MS, randomUUID(), answer.tags.join(' ')],
          JSON.stringify({ ...facts, isPacked }),
          packed,
        ),
      );
    } catch {
      // An answer that is not kept is read again.
    }
  }

  /** Outdates answers by their tags. Fails if Redis does not take it: then it is to be said again. */
  async outdate(changes: readonly Outdating[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const { organizationId, tags, version } of changes)
      pipeline.innkeepForgetTags(tagsKey(organizationId), version, randomUUID(), ...tags);
    const results = await pipeline.exec();
    const failure = results?.find(([error]) => error)?.[0];
    if (failure) throw failure;
  }

  private async ask<Found>(ask: () => Promise<Found>): Promise<Found> {
    if (performance.now() < this.pausedUntil) throw new Error('Redis is left alone for a moment');
    const asking = ask();
    // It may still fail when nobody waits for it any more.
    asking.catch(() => undefined);
    let late: NodeJS.Timeout | undefined;
    const waiting = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error('Redis is late')), PATIENCE_MS);
    });
    try {
      return await Promise.race([asking, waiting]);
    } catch (error) {
      this.pausedUntil = performance.now() + PAUSE_MS;
      throw error;
    } finally {
      clearTimeout(late);
    }
  }
}

const tagsKey = (organizationId: number) => `innkeep:answers:{${organizationId}}:tags`;

function keysOf(organizationId: number, key: string) {
  // Keys hold addresses of any length; their digest is as good.
  const digest = createHash('sha256').update(key).digest('base64url');
  const entry = `innkeep:answers:{${organizationId}}:${digest}`;
  return { entry, tags: tagsKey(organizationId), lease: `${entry}:lease` };
}

async function unpack(facts: Buffer, body: Buffer): Promise<SharedAnswer> {
  const { isPacked, ...told } = JSON.parse(facts.toString()) as AnswerFacts & { isPacked: boolean };
  if (!isPacked) return { ...told, body };
  // As it was packed, it can be sent to whoever takes gzip.
  return { ...told, body: await gunzipOf(body), encoded: { gzip: body } };
}
