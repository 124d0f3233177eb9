import { AccessTokens } from './access-token';
import { partitionOf } from './callers';
import { cleaned, isNeverStored, normalized, refusalOf } from './request-rules';
import { type EdgeEnvironment, type EdgeRuntime, cacheKey } from './runtime';
import { ageOf, fromStore, mayBeStored, positionOf, problem, toDeliver, toStore } from './stored-answer';

/** How many addresses are known as those of answers that are not kept. */
const UNSHARED_KEPT = 10_000;

/** An answer, and what is said of where it was. */
interface Found {
  readonly answer: Response;
  readonly status: string;
}

/** What is asked for, where it is kept and what the API is asked with. */
interface Asked {
  readonly key: Request;
  readonly minPosition: number;
  readonly isPrivate: boolean;
  readonly environment: EdgeEnvironment;
  readonly runtime: EdgeRuntime;
  forOrigin(): Request;
}

/**
 * The edge: the same rules as the VCL in docker/varnish, for a platform that has Request, Response and a cache that is purged by tag.
 * An answer is kept only if the API says so in CDN-Cache-Control; a private one under the caller's tenant partition alone; nothing is
 * served from behind Innkeep-Min-Position, and nothing newer is replaced by something older.
 */
export class Edge {
  private readonly tokens = new AccessTokens();
  /** What is being fetched: who asks meanwhile is given the same, if it is one that may be kept. */
  private readonly underWay = new Map<string, Promise<Response>>();
  /** Addresses whose last answer was for its caller alone: nobody waits there for somebody else's. */
  private readonly unshared = new Set<string>();

  async answer(request: Request, environment: EdgeEnvironment, runtime: EdgeRuntime): Promise<Response> {
    const { EDGE_DEBUG_TOKEN: token } = environment;
    const isDebugged = (token?.length ?? 0) >= 16 && request.headers.get('innkeep-edge-debug') === token;
    const { answer, status } = await this.find(request, environment, runtime).catch(() => ({
      answer: problem(503),
      status: 'fwd=miss',
    }));
    return toDeliver(request, answer, status, isDebugged);
  }

  private async find(request: Request, environment: EdgeEnvironment, runtime: EdgeRuntime): Promise<Found> {
    const url = new URL(request.url);
    const refusal = refusalOf(request, url.pathname);
    if (refusal) return { answer: problem(refusal as 400), status: 'fwd=request' };
    const headers = cleaned(request);
    const target = new URL(url.pathname + url.search, environment.ORIGIN);
    const pass = async (status: string): Promise<Found> => {
      const { method, body } = request;
      const init = { method, headers, body, redirect: 'manual', ...(body && { duplex: 'half' }) } as RequestInit;
      return { answer: await runtime.fetch(new Request(target, init)), status };
    };
    if (isNeverStored(request, url.pathname))
      return pass(/^(GET|HEAD)$/.test(request.method) ? 'fwd=bypass' : 'fwd=method');
    const authorization = request.headers.get('authorization');
    const partition = authorization ? await partitionOf(authorization, this.tokens, environment, runtime) : undefined;
    if (authorization && !partition) return pass('fwd=bypass');
    // A stored answer may depend on nothing that is not in its key.
    for (const name of ['cookie', 'if-none-match', 'if-modified-since', 'range', 'if-range']) headers.delete(name);
    if (partition) headers.set('x-tenant-partition', partition);
    const path = normalized(url);
    const scope = partition ? `/private/${partition}` : '/public';
    const origin = headers.get('origin') ?? '';
    return this.fromCache({
      key: cacheKey(`${scope}/${encodeURIComponent(origin)}${path}`),
      minPosition: Number(headers.get('innkeep-min-position') ?? -Infinity),
      isPrivate: partition !== undefined,
      environment,
      runtime,
      forOrigin: () => new Request(new URL(path, environment.ORIGIN), { headers, redirect: 'manual' }),
    });
  }

  private async fromCache(asked: Asked): Promise<Found> {
    const { key, minPosition, runtime } = asked;
    const stored = await runtime.cache.match(key);
    const age = stored ? ageOf(stored, runtime.now()) : 'over';
    if (stored && age !== 'over' && positionOf(stored) >= minPosition) {
      if (age === 'stale') runtime.waitUntil(this.refresh(asked));
      return { answer: fromStore(stored), status: 'hit' };
    }
    const isBehind = stored !== undefined && age !== 'over';
    // Who needs a later state than others do does not wait for what they are being given.
    const answer = isBehind || minPosition >= 0 ? await this.fetch(asked) : await this.fetchOnce(asked);
    const isStored = mayBeStored(answer, asked.isPrivate);
    return { answer, status: `fwd=${isBehind ? 'request' : 'uri-miss'}${isStored ? '; stored' : ''}` };
  }

  /**
   * One request to the API for all who ask for the same at a time. That holds for answers that may be kept under their key alone: any
   * other is the caller's own (who they are, their sessions, that they were refused), though colleagues share the key.
   */
  private async fetchOnce(asked: Asked): Promise<Response> {
    const { url } = asked.key;
    if (this.unshared.has(url)) return this.fetch(asked);
    const others = this.underWay.get(url);
    if (others) {
      const answer = await others.catch(() => undefined);
      return answer && mayBeStored(answer, asked.isPrivate) ? answer.clone() : this.fetch(asked);
    }
    const fetching = this.fetch(asked).finally(() => this.underWay.delete(url));
    this.underWay.set(url, fetching);
    const answer = await fetching;
    return mayBeStored(answer, asked.isPrivate) ? answer.clone() : answer;
  }

  private async refresh(asked: Asked): Promise<void> {
    const answer = await this.fetchOnce(asked).catch(() => undefined);
    await answer?.body?.cancel();
  }

  private async fetch({ key, isPrivate, runtime, forOrigin }: Asked): Promise<Response> {
    const answer = await runtime.fetch(forOrigin());
    if (!mayBeStored(answer, isPrivate)) {
      this.remember(key.url);
      return answer;
    }
    this.unshared.delete(key.url);
    // Whole, so that several can be given it. What is not kept is handed on as it comes, however large it is.
    const whole = new Response(await answer.arrayBuffer(), answer);
    const present = await runtime.cache.match(key);
    // Answers overtake each other on the way.
    if (!present || positionOf(present) <= positionOf(whole))
      await runtime.cache.put(key, toStore(whole.clone(), runtime.now()));
    return whole;
  }

  private remember(url: string): void {
    // Anew, so that what was asked for last is forgotten last.
    this.unshared.delete(url);
    this.unshared.add(url);
    const [oldest] = this.unshared;
    if (this.unshared.size > UNSHARED_KEPT) this.unshared.delete(oldest!);
  }
}
