/** What can be told of an answer to another process: all but its body. */
export interface AnswerFacts {
  readonly etag: string;
  /** The organization's version that the answer shows at least. */
  readonly position: number;
  readonly tags: readonly string[];
  /** The pattern of the route it was read by, for the metrics. */
  readonly route: string;
  /** The name of the cache family. */
  readonly family: string;
  /** Headers that are the same for whoever gets it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer as it goes over the wire, with what decides whether it may. */
export interface CachedAnswer extends AnswerFacts {
  readonly body: Buffer;
  /** The body as it was compressed for those who asked before, by the name of the encoding. */
  readonly encoded?: Readonly<Record<string, Buffer>>;
  /** All headers of the answer; only an edge that keeps it under the caller's partition is told how long it may. */
  headersFor(isPartitioned: boolean): Readonly<Record<string, string>>;
}
