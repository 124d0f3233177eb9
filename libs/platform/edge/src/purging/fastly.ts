import { type PurgeProvider, PurgeRefused } from './provider';
import { asJson, askProvider } from './provider-request';

export interface FastlySettings {
  readonly apiUrl: string;
  readonly serviceId: string;
  readonly token: string;
}

/** Fastly: up to 256 surrogate keys in a request. The answer names a purge for each key; a key without one was not purged. */
export const fastlyProvider = ({ apiUrl, serviceId, token }: FastlySettings): PurgeProvider => ({
  name: 'fastly',
  batchSize: 30,
  largestBatch: 256,
  // 100,000 keys an hour for a customer.
  quota: { perSecond: 100_000 / 3_600, burst: 2_000, counts: 'tags' },
  purge: async (tags) => {
    const body = await askProvider({
      url: `${apiUrl}/service/${serviceId}/purge`,
      method: 'POST',
      headers: { 'fastly-key': token, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ surrogate_keys: tags }),
    });
    const purges = asJson(body);
    if (typeof purges !== 'object' || purges === null)
      throw new PurgeRefused('Fastly did not say what it purged', 'failed');
    const purged = tags.filter((tag) => Object.hasOwn(purges, tag));
    if (purged.length === 0) throw new PurgeRefused('Fastly purged none of the keys', 'failed');
    return purged;
  },
  purgeEverything: async () => {
    const url = `${apiUrl}/service/${serviceId}/purge_all`;
    await askProvider({ url, method: 'POST', headers: { 'fastly-key': token, accept: 'application/json' } });
  },
});
