import type { IncomingHttpHeaders } from 'node:http';

/** How a CDN reads the tags of an answer. */
export interface TagRules {
  readonly header: string;
  readonly separator: RegExp;
  readonly mostTags: number;
  readonly mostBytes: number;
  readonly longestTag: number;
  readonly isCaseSensitive: boolean;
}

/** An answer as the edge gives it to a client. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the origin says of the caller, for the edge alone. */
  readonly partition?: string;
}

interface Stored extends EdgeAnswer {
  readonly tags: ReadonlySet<string>;
  readonly path: string;
  readonly expiresAt: number;
}

/** Where the edge asks who a caller is, and the field in which it is told and shows it. */
const CONTEXT_PATH = '/v1/edge/context';
const PARTITION = 'x-tenant-partition';

const internal =
  /^(cache-tag|surrogate-|cdn-cache-control|connection$|keep-alive$|transfer-encoding$|content-length$|content-encoding$|x-tenant-partition$)/;

/** The lifetime that an answer has at the edge, in seconds: its own field (RFC 9213), and nothing else counts. */
const lifetimeOf = (headers: Headers): number =>
  Number(/(?:^|[,\s])max-age=(\d{1,9})/.exec(headers.get('cdn-cache-control') ?? '')?.[1] ?? 0);

/**
 * What a CDN keeps: answers of an origin by address and caller, with the tags that their headers name. Answers whose tags break the
 * provider's rules are noted: there they would be kept without being purgeable.
 */
export class SimulatedEdge {
  readonly violations: string[] = [];
  /** Waited for when the origin has answered and before that is kept. */
  beforeStoring: (() => Promise<void>) | undefined;
  private readonly stored = new Map<string, Stored>();

  constructor(
    private readonly origin: string | undefined,
    private readonly rules: TagRules,
  ) {}

  get size(): number {
    return this.stored.size;
  }

  async get(path: string, headers: IncomingHttpHeaders): Promise<EdgeAnswer> {
    if (!this.origin)
      return { status: 404, headers: {}, body: Buffer.from('there is no origin behind this simulator') };
    const { authorization, 'innkeep-min-position': position } = headers;
    const partition = authorization ? await this.partitionOf(authorization) : undefined;
    const key = `${partition ?? authorization ?? ''} ${path}`;
    const known = this.fresh(key);
    if (known && position === undefined) return { ...known, headers: { ...known.headers, 'x-cache': 'hit' } };
    const asked = {
      ...(authorization && { authorization }),
      ...(typeof position === 'string' && { 'innkeep-min-position': position }),
      ...(partition && { [PARTITION]: partition }),
    };
    const answer = await this.fetchAndKeep(key, path, asked);
    return { ...answer, headers: { ...answer.headers, 'x-cache': 'miss' } };
  }

  /** Whose answers are kept together: the origin says, and its word is kept as long as it allows. */
  private async partitionOf(authorization: string): Promise<string | undefined> {
    const key = `${authorization} ${CONTEXT_PATH}`;
    const { status, partition } = this.fresh(key) ?? (await this.fetchAndKeep(key, CONTEXT_PATH, { authorization }));
    return status === 200 ? partition : undefined;
  }

  private fresh(key: string): Stored | undefined {
    const known = this.stored.get(key);
    return known && known.expiresAt > performance.now() ? known : undefined;
  }

  private async fetchAndKeep(key: string, path: string, headers: Record<string, string>): Promise<EdgeAnswer> {
    const response = await fetch(this.origin + path, { headers });
    const answer: EdgeAnswer = {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => !internal.test(name))),
      body: Buffer.from(await response.arrayBuffer()),
      partition: response.headers.get(PARTITION) ?? undefined,
    };
    const lifetime = lifetimeOf(response.headers);
    if (!response.ok || lifetime <= 0) return answer;
    if (path !== CONTEXT_PATH) await this.beforeStoring?.();
    const expiresAt = performance.now() + lifetime * 1_000;
    this.stored.set(key, { ...answer, path, tags: this.tagsOf(response.headers), expiresAt });
    return answer;
  }

  /** Removes what carries one of the tags. */
  purgeTags(tags: readonly string[]): void {
    const gone = new Set(tags.map((tag) => this.spelled(tag)));
    for (const [key, { tags: own }] of this.stored) if ([...own].some((tag) => gone.has(tag))) this.stored.delete(key);
  }

  /** Removes everything. */
  purgeAll(): void {
    this.stored.clear();
  }

  /** Removes what stands at a path, or below one that ends with an asterisk. */
  purgePath(path: string): void {
    const start = path.endsWith('*') ? path.slice(0, -1) : undefined;
    for (const [key, stored] of this.stored)
      if (start === undefined ? stored.path === path : stored.path.startsWith(start)) this.stored.delete(key);
  }

  private tagsOf(headers: Headers): Set<string> {
    const { header, separator, mostTags, mostBytes, longestTag } = this.rules;
    const text = headers.get(header) ?? '';
    const tags = text
      .split(separator)
      .map((tag) => tag.trim())
      .filter(Boolean);
    if (text.length > mostBytes) this.violations.push(`${header} has ${text.length} bytes`);
    if (tags.length > mostTags) this.violations.push(`${header} has ${tags.length} tags`);
    if (tags.length === 0) this.violations.push(`${header} is missing on an answer that may be kept`);
    for (const tag of tags)
      if (tag.length > longestTag || !/^[\x21-\x7e]+$/.test(tag))
        this.violations.push(`${header}: ${tag.slice(0, 40)} is no tag`);
    return new Set(tags.map((tag) => this.spelled(tag)));
  }

  private spelled(tag: string): string {
    return this.rules.isCaseSensitive ? tag : tag.toLowerCase();
  }
}
