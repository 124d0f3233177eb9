import { LRUCache } from 'lru-cache';
import type { Looked } from './snapshot';

const LIFETIME_MS = 60_000;
const MOST = 300;

/**
 * Answers that were read from the write model because a read model stands still. They are dear, so each is kept for a minute, and
 * read once for all who ask meanwhile; nobody is given one from behind the position he asks for.
 */
export class DirectAnswers {
  private readonly kept = new LRUCache<string, Looked<unknown>>({ max: MOST, ttl: LIFETIME_MS });
  private readonly reading = new Map<string, Promise<Looked<unknown>>>();

  async answer<Row>(key: string, minPosition: number, read: () => Promise<Looked<Row>>): Promise<Looked<Row>> {
    const kept = this.kept.get(key);
    if (kept && kept.position >= minPosition) return kept as Looked<Row>;
    const joined = this.reading.get(key);
    if (joined) {
      const snapshot = await joined;
      // It may have begun before what the caller asks for was committed.
      if (snapshot.position >= minPosition) return snapshot as Looked<Row>;
    }
    const reading = read()
      .then((snapshot) => {
        this.kept.set(key, snapshot);
        return snapshot;
      })
      .finally(() => {
        if (this.reading.get(key) === reading) this.reading.delete(key);
      });
    this.reading.set(key, reading);
    return reading;
  }
}
