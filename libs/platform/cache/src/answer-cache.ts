import { LRUCache } from 'lru-cache';
import type { CachedAnswer } from './cached-answer';

export interface AnswerCacheSettings {
  /** Memory for answers, in bytes. */
  readonly maxBytes: number;
  /** The longest an answer lives, whatever its tags, in milliseconds. */
  readonly maxAgeMs: number;
}

/** A load that is under way: what was invalidated since it began must not be stored by it. */
export interface LoadTicket {
  readonly startedAt: number;
}

const ENTRY_OVERHEAD = 512;

const bytesOf = ({ body, encoded = {} }: CachedAnswer): number =>
  Object.values(encoded).reduce((bytes, { length }) => bytes + length, body.length);

/**
 * The in-process tier: answers by key, forgotten by tag. It never gives an answer from behind the position a caller asks for, is
 * replaced only by newer ones, and does not take an answer whose tags were invalidated while it was being read.
 */
export class AnswerCache {
  private readonly answers: LRUCache<string, CachedAnswer>;
  private readonly keysByTag = new Map<string, Set<string>>();
  /** When a tag was last invalidated. What is forgotten here raises the floor below which no load may store. */
  private readonly invalidations = new LRUCache<string, number>({
    max: 50_000,
    dispose: (clock, _tag, reason) => {
      if (reason === 'evict') this.clearedAt = Math.max(this.clearedAt, clock);
    },
  });
  private clock = 0;
  /** Loads that began before this store nothing. */
  private clearedAt = 0;
  private isTrusted = true;

  constructor({ maxBytes, maxAgeMs }: AnswerCacheSettings) {
    this.answers = new LRUCache({
      maxSize: maxBytes,
      ttl: maxAgeMs,
      sizeCalculation: (answer, key) => bytesOf(answer) + key.length + ENTRY_OVERHEAD,
      dispose: (answer, key) => this.forget(key, answer.tags),
    });
  }

  get bytes(): number {
    return this.answers.calculatedSize;
  }

  /** How many tags the kept answers carry. */
  get tagCount(): number {
    return this.keysByTag.size;
  }

  find(key: string, minPosition = 0): CachedAnswer | undefined {
    const answer = this.answers.get(key);
    return answer && answer.position >= minPosition ? answer : undefined;
  }

  /** Call before the read whose answer is to be stored. */
  begin(): LoadTicket {
    return { startedAt: this.clock };
  }

  /** Answers whether the answer may be kept at all: by this tier, and by any other. */
  store(key: string, answer: CachedAnswer, ticket: LoadTicket, maxAgeMs?: number): boolean {
    if (!this.isTrusted || ticket.startedAt < this.clearedAt) return false;
    if (answer.tags.some((tag) => (this.invalidations.get(tag) ?? 0) > ticket.startedAt)) return false;
    const present = this.answers.peek(key);
    if (present && present.position > answer.position) return false;
    this.answers.set(key, answer, maxAgeMs === undefined ? undefined : { ttl: maxAgeMs });
    // What is larger than all the memory there is was not taken.
    if (!this.answers.has(key)) return true;
    for (const tag of answer.tags) {
      let keys = this.keysByTag.get(tag);
      if (!keys) this.keysByTag.set(tag, (keys = new Set()));
      keys.add(key);
    }
    return true;
  }

  /** Keeps what a body was compressed to beside it, as long as the answer with this very body is kept. */
  keepEncoded(key: string, body: Buffer, encoding: string, compressed: Buffer): void {
    const present = this.answers.peek(key);
    if (present?.body !== body) return;
    this.answers.set(
      key,
      { ...present, encoded: { ...present.encoded, [encoding]: compressed } },
      // It is the same answer: it keeps its tags, and gets no older than it would have.
      { noDisposeOnSet: true, noUpdateTTL: true },
    );
  }

  /** Forgets every answer that carries one of the tags, and what is being loaded with one of them. */
  invalidate(tags: readonly string[]): void {
    this.clock++;
    for (const tag of tags) {
      this.invalidations.set(tag, this.clock);
      for (const key of [...(this.keysByTag.get(tag) ?? [])]) this.answers.delete(key);
    }
  }

  /**
   * Whether invalidations reach this process. While they may be missed nothing is kept, and what was kept is forgotten.
   */
  trust(isTrusted: boolean): void {
    if (this.isTrusted === isTrusted) return;
    this.isTrusted = isTrusted;
    this.clearedAt = ++this.clock;
    this.answers.clear();
  }

  private forget(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysByTag.delete(tag);
    }
  }
}
