import { v7 as uuid } from 'uuid';
import type { DueAsk } from './drain.sql';

/** What the receipts say of one request to a provider: one for each organization whose tags it carried. */
export interface NewReceipt {
  readonly id: string;
  readonly batch: string;
  readonly bucket: number;
  readonly organization_id: string;
  readonly tags: readonly string[];
  readonly is_repetition: boolean;
  readonly attempts: number;
  readonly cause_type: string | null;
  readonly cause_version: string | null;
  readonly caused_at: Date | null;
  readonly asked_at: Date;
}

/** The earlier of two, of which either may be unknown. */
const isEarlier = (one: Date | null, other: Date | null) => one !== null && (other === null || one < other);

/** The receipts of the asks that one request fulfilled. First purges and repetitions of an organization are told apart. */
export function receiptsOf(asks: readonly DueAsk[]): NewReceipt[] {
  const batch = uuid();
  const receipts = new Map<string, NewReceipt>();
  for (const ask of asks) {
    const { bucket, organization_id, cause_type, cause_version, caused_at, asked_at, attempts, tag } = ask;
    const is_repetition = ask.repeats_left === 0;
    const key = `${organization_id} ${is_repetition}`;
    const cause = { cause_type, cause_version, caused_at };
    const before = receipts.get(key);
    receipts.set(key, {
      id: before?.id ?? uuid(),
      batch,
      bucket,
      organization_id,
      is_repetition,
      tags: [...(before?.tags ?? []), tag],
      attempts: Math.max(before?.attempts ?? 0, attempts),
      asked_at: before && before.asked_at < asked_at ? before.asked_at : asked_at,
      ...(before && !isEarlier(caused_at, before.caused_at)
        ? { cause_type: before.cause_type, cause_version: before.cause_version, caused_at: before.caused_at }
        : cause),
    });
  }
  return [...receipts.values()];
}
