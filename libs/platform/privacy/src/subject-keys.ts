import { type SealedField, WITHHELD } from '@innkeep/contracts';
import { type Sql, sql } from '@innkeep/platform/database';
import type { MasterKeys } from './master-keys';
import { openField } from './sealed-fields';

/** A key as the database holds it. */
export interface SubjectKeyRow {
  readonly subject: string;
  readonly wrappedKey: Buffer | null;
  readonly masterKey: string | null;
}

/** The keys of subjects of one organization, by their names. */
export const subjectKeysStatement = (bucket: number, organizationId: number, subjects: readonly string[]): Sql => sql`
  select k.subject, k.wrapped_key as "wrappedKey", k.master_key as "masterKey" from privacy.subject_keys k
  where k.bucket = ${bucket} and k.organization_id = ${organizationId} and k.subject = any (${subjects}::text[])`;

/**
 * Opens personal fields for somebody who may see them, with keys that were read for that answer and are forgotten with it. What does
 * not open is withheld: an answer is not refused because one of its fields is damaged.
 */
export class SubjectKeys {
  private readonly rows: ReadonlyMap<string, SubjectKeyRow>;

  constructor(
    private readonly masterKeys: MasterKeys,
    private readonly organizationId: number,
    rows: readonly SubjectKeyRow[],
  ) {
    this.rows = new Map(rows.map((row) => [row.subject, row]));
  }

  /** The text in a field of an event of this type, `erased` once its key is destroyed. */
  open(type: string, field: string, sealed: SealedField): string {
    const { organizationId } = this;
    const subject = sealed.sealedFor;
    const row = this.rows.get(subject);
    if (!row) return WITHHELD;
    const { wrappedKey: wrapped, masterKey } = row;
    try {
      const key =
        wrapped && masterKey ? this.masterKeys.unwrap({ organizationId, subject }, { wrapped, masterKey }) : undefined;
      return openField(key, { organizationId, subject, type, field }, sealed);
    } catch {
      return WITHHELD;
    }
  }
}
