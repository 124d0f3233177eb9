import { DomainError, type Principal } from '@innkeep/contracts';
import { LRUCache } from 'lru-cache';
import { partitionOf, unauthenticated } from './access-tokens';
import { readApiKey } from './api-key';
import { httpProblems } from './http.problems';
import type { Caller } from './request-state';

/** A key as its organization knows it. */
export interface FoundApiKey {
  /** Who the key acts as; the session is the key's own id, so that what ends sessions ends it. */
  readonly principal: Principal;
  /** `area:read` and `area:write`. */
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

/** When a key was last used. */
export interface ApiKeyUse {
  readonly organizationId: number;
  readonly apiKeyId: string;
  readonly usedAt: Date;
}

/** Where keys are kept. */
export abstract class ApiKeySource {
  abstract find(hash: Buffer): Promise<FoundApiKey | undefined>;
  abstract note(uses: readonly ApiKeyUse[]): Promise<void>;
}

/** Areas that belong to people: no key opens them, whatever its scopes say. */
const closedAreas: ReadonlySet<string> = new Set(['auth', 'users', 'api-keys', 'organization', 'system']);
/** Areas that every key opens: there it is told who it is. */
const openAreas: ReadonlySet<string> = new Set(['edge']);
/** A key that was found is asked for again after this: well within the time that revocations are kept. In milliseconds. */
const REMEMBERED_MS = 5 * 60_000;
const NOTE_MS = 30_000;
/** Unknown keys that an address may try in a minute at one process, before it has to wait. */
const UNKNOWN_A_MINUTE = 30;

/** What a route belongs to: the first part of its path behind the version. */
export const areaOf = (path: string): string | undefined => /^\/v\d+\/([a-z-]+)/.exec(path)?.[1];

/**
 * Finds out whose key it is that comes with a request. What was found is remembered for some minutes; a key that is revoked is refused
 * by the revocations before that. Uses are gathered and noted from time to time, so that none of them costs a write.
 */
export class ApiKeys {
  /** What keys can be made for: the areas of all routes that are there. */
  readonly areas = new Set<string>();
  private readonly known = new LRUCache<string, Caller>({ max: 20_000, ttl: REMEMBERED_MS });
  private readonly strangers = new LRUCache<string, { count: number }>({ max: 50_000, ttl: 60_000, noUpdateTTL: true });
  private uses = new Map<string, ApiKeyUse>();
  private source: ApiKeySource | undefined;
  private noting: NodeJS.Timeout | undefined;

  /** Looks keys up there from now on. */
  answerFrom(source: ApiKeySource): void {
    this.source = source;
    this.noting = setInterval(() => void this.note(), NOTE_MS);
  }

  /** Notes what was used since the last time. */
  async stop(): Promise<void> {
    clearInterval(this.noting);
    await this.note();
  }

  /** Tells of a route that keys may be made for. */
  offer(path: string): void {
    const area = areaOf(path);
    if (area && !closedAreas.has(area) && !openAreas.has(area)) this.areas.add(area);
  }

  /** The caller, if the key was found before and has not ended. */
  remembered(key: string): Caller | undefined {
    const caller = this.known.get(key);
    if (!caller || caller.expiresAt <= Date.now() / 1000) return undefined;
    this.used(caller);
    return caller;
  }

  async verify(key: string, address: string): Promise<Caller> {
    const hash = readApiKey(key);
    if (!hash || !this.source) throw unknownKey();
    if ((this.strangers.get(address)?.count ?? 0) >= UNKNOWN_A_MINUTE) throw tooManyKeys();
    const found = await this.source.find(hash);
    const end = found?.expiresAt?.getTime() ?? Infinity;
    if (!found || end <= Date.now()) {
      this.strangers.set(address, { count: (this.strangers.get(address)?.count ?? 0) + 1 });
      throw unknownKey();
    }
    const { principal, scopes } = found;
    const expiresAt = Math.min(end, Date.now() + REMEMBERED_MS) / 1000;
    const caller: Caller = { principal, expiresAt, partition: partitionOf(principal), scopes: new Set(scopes) };
    this.known.set(key, caller);
    this.used(caller);
    return caller;
  }

  private used({ principal: { organizationId, sessionId } }: Caller): void {
    const usedAt = new Date();
    this.uses.set(sessionId!, { organizationId, apiKeyId: sessionId!, usedAt });
  }

  private async note(): Promise<void> {
    if (this.uses.size === 0) return;
    const uses = [...this.uses.values()];
    this.uses = new Map();
    // What cannot be noted now is noted with the next use.
    await this.source?.note(uses).catch(() => undefined);
  }
}

/** Why a key does not open a route, if it does not. */
export function refusalOfScope(scopes: ReadonlySet<string>, method: string, route: string): string | undefined {
  const area = areaOf(route);
  if (!area || closedAreas.has(area)) return 'API keys do not open this; it takes somebody who signs in.';
  if (openAreas.has(area)) return undefined;
  const scope = `${area}:${method === 'GET' || method === 'HEAD' ? 'read' : 'write'}`;
  return scopes.has(scope) ? undefined : `This takes an API key with the scope ${scope}.`;
}

const unknownKey = () => unauthenticated('token-invalid', 'The API key is not known, or no longer.', 'invalid_token');

const tooManyKeys = () =>
  new DomainError(httpProblems['too-many-attempts'], 'There were too many unknown API keys from this address.', {
    headers: { 'retry-after': '60' },
  });
