import { type SealedField, isSealed } from '@innkeep/contracts';
import type { PoolClient } from 'pg';
import { checkMasterKeys } from './master-key-check';
import { MasterKeyError, type MasterKeys } from './master-keys';
import { openField } from './sealed-fields';

/** An event as the log holds it, as far as opening it goes. */
export interface SealedEvent {
  readonly bucket: number;
  readonly organizationId: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** A payload that was opened, or what kept it from being. */
export type Opened = { readonly data: Record<string, unknown> } | { readonly flaw: string };

interface KeyRow {
  readonly organization_id: string;
  readonly subject: string;
  readonly wrapped_key: Buffer | null;
  readonly master_key: string | null;
}

/** A key, `erased` if it was destroyed, or what is wrong with it. */
type FoundKey = Buffer | 'erased' | { readonly flaw: string };

const sealedFields = (data: Record<string, unknown>): [name: string, sealed: SealedField][] =>
  Object.entries(data).flatMap(([name, value]) => (isSealed(value) ? [[name, value]] : []));

/**
 * Opens the personal fields of events that are read from the log. Keys are asked for each time and kept by nobody: an event that is
 * read after an erasure must not be opened with a key from before it.
 */
export async function openEvents(
  client: PoolClient,
  masterKeys: MasterKeys,
  events: readonly SealedEvent[],
): Promise<Opened[]> {
  const keys = await findKeys(client, masterKeys, events);
  return events.map((event) => open(event, keys));
}

const keyName = (organizationId: number | string, subject: string) => `${organizationId} ${subject}`;

function open({ organizationId, type, data }: SealedEvent, keys: ReadonlyMap<string, FoundKey>): Opened {
  const opened = { ...data };
  for (const [field, sealed] of sealedFields(data)) {
    const subject = sealed.sealedFor;
    const key = keys.get(keyName(organizationId, subject)) ?? { flaw: `there never was a key of ${subject}` };
    if (typeof key === 'object' && 'flaw' in key) return key;
    try {
      const place = { organizationId, subject, type, field };
      opened[field] = openField(key === 'erased' ? undefined : key, place, sealed);
    } catch {
      return { flaw: `${field} was not sealed for ${subject} in an event ${type} of this organization` };
    }
  }
  return { data: opened };
}

async function findKeys(
  client: PoolClient,
  masterKeys: MasterKeys,
  events: readonly SealedEvent[],
): Promise<ReadonlyMap<string, FoundKey>> {
  const wanted = new Map(
    events.flatMap(({ bucket, organizationId, data }) =>
      sealedFields(data).map(
        ([, { sealedFor: subject }]) =>
          [keyName(organizationId, subject), { bucket, organizationId, subject }] as const,
      ),
    ),
  );
  if (wanted.size === 0) return new Map();
  const list = [...wanted.values()];
  const { rows } = await client.query<KeyRow>(
    `select k.organization_id, k.subject, k.wrapped_key, k.master_key
     from unnest($1::smallint[], $2::bigint[], $3::text[]) w(bucket, organization_id, subject)
       join privacy.subject_keys k on k.bucket = w.bucket and k.organization_id = w.organization_id and k.subject = w.subject`,
    [
      list.map(({ bucket }) => bucket),
      list.map(({ organizationId }) => organizationId),
      list.map(({ subject }) => subject),
    ],
  );
  const found = new Map<string, FoundKey>();
  for (const row of rows) found.set(keyName(row.organization_id, row.subject), await unwrap(client, masterKeys, row));
  return found;
}

async function unwrap(client: PoolClient, masterKeys: MasterKeys, row: KeyRow): Promise<FoundKey> {
  const { subject, wrapped_key: wrapped, master_key: masterKey } = row;
  if (!wrapped || !masterKey) return 'erased';
  try {
    return masterKeys.unwrap({ organizationId: Number(row.organization_id), subject }, { wrapped, masterKey });
  } catch (error) {
    if (error instanceof MasterKeyError) throw error;
    // Either this process has another master key than the one that wrapped it, which is no organization's fault, or the row is damaged.
    await checkMasterKeys(client, masterKeys);
    return { flaw: `the key of ${subject} is damaged` };
  }
}
