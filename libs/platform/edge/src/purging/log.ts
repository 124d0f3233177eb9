import type { Logger } from '@innkeep/platform/telemetry';
import type { PurgeProvider } from './provider';

/** When no CDN is configured: says what would be purged. */
export const logProvider = (logger: Logger): PurgeProvider => ({
  name: 'log',
  // As many as fit a line of the log, which is at most 16 KiB.
  batchSize: 100,
  largestBatch: 100,
  purge: async (tags) => {
    logger.info({ tags }, 'purge');
    return tags;
  },
});
