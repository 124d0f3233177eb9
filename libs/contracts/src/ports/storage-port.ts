import type { Sql } from './sql';

/** Answered by the feature that keeps the organization's files. */
export abstract class StoragePort {
  /** How many bytes the files of the organization take. */
  abstract usedBytes(sql: Sql): Promise<number>;
}
