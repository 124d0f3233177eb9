import { randomBytes } from 'node:crypto';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { KEY_BYTES } from './boxes';
import type { MasterKeys } from './master-keys';

interface TakenKey {
  readonly subject: string;
  readonly wrapped_key: Buffer | null;
  readonly master_key: string | null;
}

/**
 * The key of each subject, by its name; none for one that is erased. Who has none yet gets one. In one statement, and in an order in
 * which nobody waits for another in a circle.
 */
export async function takeKeys(
  transaction: OrganizationTransaction,
  masterKeys: MasterKeys,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const names = [...new Set(subjects)].sort();
  if (names.length === 0) return new Map();
  const { bucket, organizationId } = transaction;
  const offers = names.map((subject) => masterKeys.wrap({ organizationId, subject }, randomBytes(KEY_BYTES)).wrapped);
  const { current } = masterKeys;
  const taken = await transaction.query<TakenKey>(sql`
    select o.subject, k.wrapped_key, k.master_key
    from unnest(${names}::text[], ${offers}::bytea[]) with ordinality o(subject, wrapped_key, n)
      cross join lateral privacy.take_key(${bucket}::smallint, ${organizationId}::bigint, o.subject, o.wrapped_key, ${current}::text,
        ${masterKeys.fingerprint(current)}::bytea) k
    order by o.n`);
  return new Map(
    taken.flatMap(({ subject, wrapped_key: wrapped, master_key: masterKey }) =>
      wrapped && masterKey ? [[subject, masterKeys.unwrap({ organizationId, subject }, { wrapped, masterKey })]] : [],
    ),
  );
}
