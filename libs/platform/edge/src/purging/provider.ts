/** What the account at a provider lets through: so many a second on average, `burst` at once. */
export interface PurgeQuota {
  readonly perSecond: number;
  readonly burst: number;
  /** Whether the provider counts requests, or the tags in them. */
  readonly counts: 'requests' | 'tags';
}

/** A CDN as the purge pipeline sees it: takes tags, and has confirmed those that it answers with. */
export interface PurgeProvider {
  readonly name: string;
  /** How many tags a request usually carries. */
  readonly batchSize: number;
  /** How many it may carry: used when more than a minute's worth is waiting. */
  readonly largestBatch: number;
  /** What it lets through; without one it takes whatever comes. */
  readonly quota?: PurgeQuota;
  /** Answers with the tags that were purged, which may be some of them. Throws `PurgeRefused` if none was. */
  purge(tags: readonly string[]): Promise<readonly string[]>;
  /** Empties the edge, where the provider has a request for that. */
  purgeEverything?(): Promise<void>;
}

/** A provider purged nothing. `throttled` is not an outage: it is well and wants to be asked later. */
export class PurgeRefused extends Error {
  constructor(
    message: string,
    readonly kind: 'throttled' | 'failed',
    /** How long it wants to be left alone, if it said so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'PurgeRefused';
  }
}
