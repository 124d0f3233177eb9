import type { Sql } from './sql';

/** What another feature may know of a guest. A guest is the lead guest of one stay and has its id. */
export interface GuestFacts {
  readonly id: string;
  readonly propertyId: number;
  readonly status: 'expected' | 'in-house' | 'departed' | 'cancelled';
  /**
   * From when on identity documents may not be kept any more (RFC 3339): 90 days after check-out or cancellation, or after the agreed
   * departure of who never came. None while the party is in house.
   */
  readonly identityEndsAt: string | null;
  /** Nothing about the guest may be kept any more. */
  readonly isErased: boolean;
}

/** Answered by the guests feature. Ids that are no guest of the organization are absent from the answer. */
export abstract class GuestPort {
  abstract find(sql: Sql, guestIds: readonly string[]): Promise<Map<string, GuestFacts>>;
}
