import { LRUCache } from 'lru-cache';

/** Where it is known how many requests a minute an organization may make; null for as many as it likes. */
export abstract class RequestQuotaSource {
  abstract perMinute(organizationId: number): Promise<number | null>;
}

interface Known {
  readonly perMinute: number | null;
  readonly until: number;
}

/** For how long what was found counts. In milliseconds. */
const KNOWN_MS = 60_000;

/**
 * How many requests each organization may make, as far as this process knows. It is never waited for: until the answer is there, or
 * while the source fails, what was known before counts, or no limit.
 */
export class RequestQuotas {
  private readonly known = new LRUCache<number, Known>({ max: 100_000 });
  private readonly asking = new Set<number>();
  private source: RequestQuotaSource | undefined;

  /** Looks quotas up there from now on. */
  answerFrom(source: RequestQuotaSource): void {
    this.source = source;
  }

  /** The quota of an organization, or null where there is none or none is known yet. */
  of(organizationId: number): number | null {
    const known = this.known.get(organizationId);
    if (!known || known.until < performance.now()) void this.ask(organizationId);
    return known?.perMinute ?? null;
  }

  private async ask(organizationId: number): Promise<void> {
    if (!this.source || this.asking.has(organizationId)) return;
    this.asking.add(organizationId);
    try {
      const perMinute = await this.source.perMinute(organizationId);
      this.known.set(organizationId, { perMinute, until: performance.now() + KNOWN_MS });
    } catch {
      // It is asked again with the next request.
    } finally {
      this.asking.delete(organizationId);
    }
  }
}
