import type { PurgeProvider } from './provider';
import { askProvider } from './provider-request';

/** Varnish with xkey: a PURGE request to every instance, which answers once the objects are gone. All of them have to. */
export const varnishProvider = (urls: readonly string[]): PurgeProvider => ({
  name: 'varnish',
  batchSize: 30,
  // A header of Varnish holds 8 kB.
  largestBatch: 60,
  purge: async (tags) => {
    await Promise.all(
      urls.map((url) => askProvider({ url, method: 'PURGE', headers: { 'xkey-purge': tags.join(' ') } })),
    );
    return tags;
  },
});
