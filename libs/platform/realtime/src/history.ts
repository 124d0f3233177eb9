import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from './entry';
import type { Head, LiveLog, Fanout } from './sources';
import { HOT_EVENTS, HOT_MS } from './announce';

/** Further back than this nobody is taken up again: reading everything anew is less than this many changes. */
export const MOST_MISSED = 10_000;
/** Those who come back within this time share one look into the log. In milliseconds. */
const GATHER_MS = 15;
/** What was read for some who came back is kept for others. In milliseconds. */
const KEPT_MS = 10_000;
const PAGE = 1_000;

/** What a history needs from around it. */
export interface HistorySources {
  readonly log: LiveLog;
  readonly fanout: Fanout;
  /** Lets only so many look into the log at once. */
  inTurn<T>(look: () => Promise<T>): Promise<T>;
  now(): number;
  /** New entries have come in. */
  grew(): void;
  /** Entries that had been lost on the way were read from the log. */
  healed(entries: number): void;
}

/**
 * The last entries of one organization, without a gap, up to the newest this process knows of. It grows by what is told and, where
 * that leaves a gap, by what the log holds; and backwards for those who come back.
 */
export class History {
  private entries: Entry[] = [];
  private version: number;
  private keptUntil = 0;
  private wanted: number;
  private healing: Promise<void> | undefined;
  private gathering: { after: number; readonly done: Promise<void> } | undefined;
  private loading: Promise<void> = Promise.resolve();
  private isLoading = false;

  constructor(
    readonly at: Head,
    private readonly sources: HistorySources,
  ) {
    this.version = at.version;
    this.wanted = at.version;
  }

  /** The newest version that is in it. */
  get head(): number {
    return this.version;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Takes what was told. What is known is left out; what does not follow is a gap, which the log fills. */
  take(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.version === this.version + 1) this.append(entry);
      else if (entry.version > this.version) return this.reach(entry.version);
    }
  }

  /** Reads from the log what is missing up to a version. */
  reach(version: number): void {
    this.wanted = Math.max(this.wanted, version);
    if (this.wanted <= this.version) return;
    // What cannot be read now is looked for again soon.
    this.healing ??= this.heal()
      .catch(() => undefined)
      .finally(() => (this.healing = undefined));
  }

  /** Resolves once it has been tried to read what is missing up to a version. */
  async reached(version: number): Promise<void> {
    this.reach(version);
    await this.healing;
  }

  /** The entries after a version up to another, so many at most; undefined if they are not all here. */
  after(version: number, upTo: number, limit: number): readonly Entry[] | undefined {
    if (version >= upTo) return [];
    const first = this.entries[0]?.version ?? this.version + 1;
    if (first > version + 1) return undefined;
    const from = version + 1 - first;
    return this.entries.slice(from, Math.min(from + limit, upTo + 1 - first));
  }

  private covers(version: number): boolean {
    return this.after(version, this.version, 1) !== undefined;
  }

  /** Gets everything after a version, if it is to be had. However many ask at about the same time, the log is read once. */
  async cover(version: number): Promise<boolean> {
    if (this.covers(version)) return true;
    if (this.version - version > MOST_MISSED) return false;
    if (this.gathering) this.gathering.after = Math.min(this.gathering.after, version);
    else this.gathering = { after: version, done: this.gather() };
    await this.gathering.done;
    return this.covers(version);
  }

  /** Forgets what is neither hot nor kept for somebody who came back. */
  trim(told: number): void {
    const now = this.sources.now();
    if (this.isLoading || now < this.keptUntil || this.entries.length === 0) return;
    const oldest = now - HOT_MS;
    const surplus = this.entries.length - HOT_EVENTS;
    let gone = 0;
    while (gone < this.entries.length) {
      const { version, at } = this.entries[gone]!;
      if (version > told || (gone >= surplus && at >= oldest)) break;
      gone++;
    }
    if (gone > 0) this.entries = this.entries.slice(gone);
  }

  private append(entry: Entry): void {
    this.entries.push(entry);
    this.version = entry.version;
    this.sources.grew();
  }

  private async heal(): Promise<void> {
    while (this.version < this.wanted) {
      const [after, upTo] = [this.version, this.wanted];
      const found = await this.sources.inTurn(() => this.sources.log.read(this.at.organizationId, after, upTo, PAGE));
      const before = this.version;
      for (const entry of found) if (entry.version === this.version + 1) this.append(entry);
      this.sources.healed(this.version - before);
      // Not there: it was said of another epoch, or is in the archive. Whoever compares epochs finds out.
      if (found.length === 0 || this.version === before) return void (this.wanted = this.version);
    }
  }

  private async gather(): Promise<void> {
    await sleep(GATHER_MS);
    const { after } = this.gathering!;
    this.gathering = undefined;
    this.loading = this.loading.then(() => this.load(after)).catch(() => undefined);
    await this.loading;
  }

  /** Puts in front what lies between a version and what is here already: from what is hot, else from the log. */
  private async load(after: number): Promise<void> {
    if (this.covers(after)) return;
    this.isLoading = true;
    try {
      const upTo = (this.entries[0]?.version ?? this.version + 1) - 1;
      const hot = await this.sources.fanout.window(this.at.organizationId, after);
      const isHot = hot[0]?.version === after + 1 && hot.every(({ version }, index) => version === after + 1 + index);
      const found =
        isHot && hot.at(-1)!.version >= upTo
          ? hot.filter(({ version }) => version <= upTo)
          : await this.sources.inTurn(() => this.readLog(after, upTo));
      this.prepend(found, upTo);
    } finally {
      this.isLoading = false;
    }
  }

  private async readLog(after: number, upTo: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (let from = after; from < upTo;) {
      const page = await this.sources.log.read(this.at.organizationId, from, upTo, PAGE);
      if (page.length === 0) break;
      found.push(...page);
      from = page.at(-1)!.version;
    }
    return found;
  }

  /** Only what leads without a gap to what is here. */
  private prepend(found: readonly Entry[], upTo: number): void {
    let expected = upTo;
    let start = found.length;
    while (start > 0 && found[start - 1]!.version === expected) [start, expected] = [start - 1, expected - 1];
    this.entries = [...found.slice(start), ...this.entries];
    this.keptUntil = this.sources.now() + KEPT_MS;
  }
}
