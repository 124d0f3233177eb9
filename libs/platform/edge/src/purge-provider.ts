import type { Logger } from '@innkeep/platform/telemetry';

/** A CDN as the purge pipeline sees it: takes tags, and has confirmed when the promise is fulfilled. */
export interface PurgeProvider {
  readonly name: string;
  /** How many tags one request may carry. */
  readonly batchSize: number;
  purge(tags: readonly string[]): Promise<void>;
}

/** When no CDN is configured: says what would be purged. */
export const logProvider = (logger: Logger): PurgeProvider => ({
  name: 'log',
  // As many as fit a line of the log, which is at most 16 KiB.
  batchSize: 100,
  purge: async (tags) => logger.info({ tags }, 'purge'),
});

const TIMEOUT_MS = 3_000;

/** Varnish with xkey: a PURGE request to every instance, which answers once the objects are gone. */
export const varnishProvider = (urls: readonly string[]): PurgeProvider => ({
  name: 'varnish',
  batchSize: 30,
  purge: async (tags) => {
    await Promise.all(
      urls.map(async (url) => {
        const response = await fetch(url, {
          method: 'PURGE',
          headers: { 'xkey-purge': tags.join(' ') },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.arrayBuffer();
        if (response.status !== 200) throw new Error(`${url} answered a purge with ${response.status}`);
      }),
    );
  },
});
