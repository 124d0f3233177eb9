import type { Pool, PoolClient } from 'pg';
import { MasterKeyError, type MasterKeys } from './master-keys';

/** Neither the schema nor the table is there yet: the migrations have not run, and the process is not ready anyway. */
const notMigrated = new Set(['3F000', '42P01']);

/**
 * Compares the configuration with the master keys that wrap keys of subjects in a database: every one has to be there, and be the same.
 * Found out when the process starts, and not when somebody's data cannot be read.
 */
export async function checkMasterKeys(pool: Pool | PoolClient, masterKeys: MasterKeys): Promise<void> {
  let rows: { id: string; fingerprint: Buffer }[];
  try {
    ({ rows } = await pool.query<{ id: string; fingerprint: Buffer }>(
      'select id, fingerprint from privacy.master_keys',
    ));
  } catch (error) {
    if (notMigrated.has((error as { code?: string }).code ?? '')) return;
    throw error;
  }
  for (const { id, fingerprint } of rows)
    if (!masterKeys.fingerprint(id).equals(fingerprint))
      throw new MasterKeyError(
        `MASTER_KEYS has another key with the id ${id} than the one that wraps keys of subjects`,
      );
}
