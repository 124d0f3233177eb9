/** What is set for the edge where it is deployed. */
export interface EdgeEnvironment {
  /** Base address of the API. */
  readonly ORIGIN: string;
  /** Who sends it in Innkeep-Edge-Debug is shown tags and lifetimes. Without one nobody is. */
  readonly EDGE_DEBUG_TOKEN?: string;
}

/** A cache that is purged by the tags in Cache-Tag, as Workers have it. */
export interface EdgeCache {
  match(key: Request): Promise<Response | undefined>;
  put(key: Request, answer: Response): Promise<void>;
}

/** What the edge needs of the platform that it runs on. */
export interface EdgeRuntime {
  readonly cache: EdgeCache;
  fetch(request: Request): Promise<Response>;
  /** Has something end behind the answer. */
  waitUntil(work: Promise<unknown>): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Addresses in the cache: of a host that nobody can ask for. */
export const cacheKey = (path: string): Request => new Request(`https://edge.innkeep.invalid${path}`);
