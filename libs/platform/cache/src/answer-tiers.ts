import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerCache, LoadTicket } from './answer-cache';
import { AnswerCounts } from './answer-counts';
import type { CachedAnswer } from './cached-answer';
import type { HotPages } from './hot-pages';
import { FRESH_MS, type SharedAnswer, type SharedAnswers, type SharedLookup } from './shared-answers';

/** What is asked for: whose, under which key, from no earlier than which position, by which route. */
export interface Wanted {
  readonly organizationId: number;
  readonly key: string;
  readonly minPosition: number;
  readonly route: string;
}

/** An answer and where it was; or leave to read it, which ends with `done`, whether or not there is an answer. */
export type Looked =
  { readonly answer: CachedAnswer; readonly from: 'memory' | 'redis' } | { done(answer?: CachedAnswer): void };

/** How long a request waits for one that reads the same. In milliseconds. */
const JOIN_MS = 1_000;
/** For how long a process keeps what was no longer fresh when it came. In milliseconds. */
const STALE_IN_MEMORY_MS = 1_000;
/** How many loads of others a request waits for before it reads by itself. */
const MAX_JOINS = 2;
/** When it is looked again whether another process has read it. In milliseconds. */
const LOOKS_MS = [20, 40, 80];

/**
 * Memory before Redis before the database, for one process. One load of each key is under way at a time: who asks meanwhile is given
 * what comes of it, if it is not from behind the position asked for.
 */
export class AnswerTiers {
  readonly counts = new AnswerCounts();
  private readonly loading = new Map<string, Promise<CachedAnswer | undefined>>();

  constructor(
    readonly memory: AnswerCache,
    private readonly shared: SharedAnswers | undefined,
    /** Makes an answer of what another process told of it. */
    private readonly revive: (told: SharedAnswer) => CachedAnswer,
    /** What is asked for, to be warmed another time. */
    readonly hot?: HotPages,
  ) {}

  /** What is in memory: at once, without counting a miss. */
  find(key: string, minPosition: number): CachedAnswer | undefined {
    const answer = this.memory.find(key, minPosition);
    if (!answer) return undefined;
    this.counts.count('memory', 'hit', answer.route);
    this.hot?.given(key);
    return answer;
  }

  /** Looks everywhere but in the database. */
  async look(wanted: Wanted): Promise<Looked> {
    const { key, route } = wanted;
    for (let tries = 0; tries < MAX_JOINS; tries++) {
      const underWay = this.loading.get(key);
      // Nothing is awaited from here to where the load is noted, or several would begin one.
      if (!underWay) break;
      const joined = await this.join(underWay, wanted);
      if (joined) return { answer: joined, from: 'memory' };
    }
    this.counts.count('memory', 'miss', route);
    let finish!: (answer?: CachedAnswer) => void;
    const underWay = new Promise<CachedAnswer | undefined>((resolve) => (finish = resolve));
    this.loading.set(key, underWay);
    const done = (answer?: CachedAnswer) => {
      if (this.loading.get(key) === underWay) this.loading.delete(key);
      finish(answer);
    };
    try {
      const ticket = this.memory.begin();
      const { state, answer: told } = await this.lookShared(wanted);
      if (!told) return { done };
      const answer = this.revive(told);
      this.memory.store(key, answer, ticket, state === 'fresh' ? FRESH_MS : STALE_IN_MEMORY_MS);
      done(answer);
      return { answer, from: 'redis' };
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Keeps an answer in every tier that may have it. */
  store(organizationId: number, key: string, answer: CachedAnswer, ticket: LoadTicket, freshMs: number): void {
    if (!this.memory.store(key, answer, ticket)) return;
    const { headersFor: _headersFor, ...told } = answer;
    void this.shared?.store(organizationId, key, told, freshMs);
  }

  private async join(
    underWay: Promise<CachedAnswer | undefined>,
    { minPosition, route }: Wanted,
  ): Promise<CachedAnswer | undefined> {
    const answer = await Promise.race([underWay, sleep(JOIN_MS, undefined, { ref: false })]);
    if (!answer || answer.position < minPosition) return undefined;
    this.counts.count('memory', 'joined', route);
    return answer;
  }

  private async lookShared({ organizationId, key, minPosition, route }: Wanted): Promise<Partial<SharedLookup>> {
    if (!this.shared) return {};
    for (const pause of [...LOOKS_MS, 0]) {
      const found = await this.shared.find(organizationId, key, minPosition);
      if (found.answer) {
        this.counts.count('redis', found.state === 'fresh' ? 'hit' : 'stale', route);
        return found;
      }
      if (found.isLeader || pause === 0) break;
      await sleep(pause);
    }
    this.counts.count('redis', 'miss', route);
    return {};
  }
}
