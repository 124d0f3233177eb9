import type { Sql } from './sql';

/** What an organization's plan limits. */
export const quotas = ['properties', 'users', 'storageBytes', 'requestsPerMinute'] as const;
export type Quota = (typeof quotas)[number];

/** How much of each an organization may have; null: as much as it likes. */
export type Quotas = Readonly<Record<Quota, number | null>>;

/**
 * Answered by the feature that knows the organization's plan. Whoever adds something asks in the transaction in which it is added:
 * until the end of that transaction nobody else of the organization adds anything that is limited.
 */
export abstract class QuotaPort {
  /**
   * Throws the problem `quota-exceeded` unless `adding` more fit in.
   * @param used counts what there is; it is asked under the lock, and only where there is a limit
   */
  abstract claim(sql: Sql, quota: Quota, adding: number, used: () => Promise<number>): Promise<void>;
}
