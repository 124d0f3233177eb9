/**
 * The queues. A job carries a key and nothing else: what is to be done stands in PostgreSQL, so a lost queue loses no work.
 * The braces keep all keys of the queues on one slot of a Redis Cluster.
 */
export const QUEUE_PREFIX = '{innkeep}';

export const queues = {
  purgeCdn: 'purge-cdn',
  refreshView: 'refresh-view',
  housekeeping: 'housekeeping',
  makeExport: 'make-export',
  timedWork: 'timed-work',
  keepDocuments: 'keep-documents',
} as const;

/**
 * Options for a debounced, keyed job: it runs `delay` ms after the first ask, once more if asked while it runs, and never twice at
 * once. The last ask is always covered; a steady stream of asks does not postpone it.
 */
export const debounced = (key: string, delay: number) => ({
  delay,
  deduplication: { id: key, keepLastIfActive: true },
  removeOnComplete: { count: 100 },
  removeOnFail: { count: 500 },
});
