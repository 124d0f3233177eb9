import type { Pool, PoolClient } from 'pg';
import type { MasterKeys } from './master-keys';

/** A master key that is in use, or has been. */
export interface MasterKeyUse {
  readonly id: string;
  readonly firstUsedAt: Date;
  /** How many keys of subjects it wraps. */
  readonly subjectKeys: number;
}

interface KeyRow {
  readonly bucket: number;
  readonly organization_id: string;
  readonly subject: string;
  readonly wrapped_key: Buffer;
  readonly master_key: string;
}

const BATCH = 500;

/** Which master keys wrap how many keys. For the migrator, which alone sees the keys of all organizations and may wrap them anew. */
export async function readMasterKeyUse(pool: Pool): Promise<MasterKeyUse[]> {
  const { rows } = await pool.query<MasterKeyUse>(
    `select m.id, m.first_used_at as "firstUsedAt", count(k.subject)::int as "subjectKeys"
     from privacy.master_keys m left join privacy.subject_keys k on k.master_key = m.id group by m.id order by m.first_used_at, m.id`,
  );
  return rows;
}

/**
 * Wraps every key of a subject by the current master key that another one wraps, some at a time, beside the work that goes on. Then
 * forgets the master keys that wrap nothing any more, and answers which: processes start without them from then on.
 */
export async function rewrapKeys(
  pool: Pool,
  masterKeys: MasterKeys,
  progress?: (keys: number) => void,
): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('insert into privacy.master_keys (id, fingerprint) values ($1, $2) on conflict do nothing', [
      masterKeys.current,
      masterKeys.fingerprint(masterKeys.current),
    ]);
    for (let count = BATCH; count === BATCH;) {
      count = await rewrapSome(client, masterKeys);
      progress?.(count);
    }
    const { rows } = await client.query<{ id: string }>(
      `delete from privacy.master_keys m where m.id <> $1 and not exists (select from privacy.subject_keys k where k.master_key = m.id)
       returning m.id`,
      [masterKeys.current],
    );
    return rows.map(({ id }) => id).sort();
  } finally {
    client.release();
  }
}

async function rewrapSome(client: PoolClient, masterKeys: MasterKeys): Promise<number> {
  await client.query('begin');
  try {
    // Locked, so that a key that is destroyed meanwhile is not brought back.
    const { rows } = await client.query<KeyRow>(
      `select bucket, organization_id, subject, wrapped_key, master_key from privacy.subject_keys
       where master_key = any (array(select id from privacy.master_keys where id <> $1)) limit ${BATCH} for update`,
      [masterKeys.current],
    );
    const wrapped = rows.map(({ organization_id, subject, wrapped_key, master_key }) => {
      const owner = { organizationId: Number(organization_id), subject };
      return masterKeys.wrap(owner, masterKeys.unwrap(owner, { wrapped: wrapped_key, masterKey: master_key })).wrapped;
    });
    await client.query(
      `update privacy.subject_keys k set wrapped_key = w.wrapped_key, master_key = $1
       from unnest($2::smallint[], $3::bigint[], $4::text[], $5::bytea[]) w(bucket, organization_id, subject, wrapped_key)
       where k.bucket = w.bucket and k.organization_id = w.organization_id and k.subject = w.subject`,
      [
        masterKeys.current,
        rows.map(({ bucket }) => bucket),
        rows.map(({ organization_id }) => organization_id),
        rows.map(({ subject }) => subject),
        wrapped,
      ],
    );
    await client.query('commit');
    return rows.length;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
