import type { Sql } from './sql';

/** Answered by the feature that keeps the organization's files. */
export abstract class StoragePort {
  /** How many bytes the files of the organization take. */
  abstract usedBytes(sql: Sql): Promise<number>;
  /** The address at which everybody sees a logo; null as long as it is being made. Undefined if the organization has no logo by this id. */
  abstract logo(sql: Sql, documentId: string): Promise<{ readonly url: string | null } | undefined>;
}
