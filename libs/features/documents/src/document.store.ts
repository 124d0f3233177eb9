import type { DocumentKind } from '@innkeep/contracts';
import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { DocumentFile, DocumentView, Subject } from './document';
import { documentJson } from './document.sql';
import type { MediaType } from './document-kinds';
import type { Refusal } from './documents.problems';

export type DocumentStatus = 'started' | 'complete' | 'refused' | 'abandoned' | 'removed';

/** A document as commands see it. */
export interface StoredDocument extends DocumentFile {
  readonly status: DocumentStatus;
  readonly view: DocumentView;
  readonly propertyId: number | null;
  readonly addedBy: number;
  readonly file: string | null;
  readonly refusal: Refusal | null;
  readonly retainUntil: Date | null;
  readonly assetHash: string | null;
}

interface Row {
  readonly status: DocumentStatus;
  readonly view: DocumentView;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly file: string | null;
  readonly refusal: Refusal | null;
  readonly retain_until: Date | null;
  readonly asset_hash: string | null;
}

/** What a new document is written with. */
export interface NewDocument {
  readonly view: DocumentView;
  readonly subject: Subject;
  readonly uploadUntil: Date;
}

const version = sql`(select version from head)`;

/** Documents as commands load and save them. */
@Injectable()
export class DocumentStore {
  add(transaction: OrganizationTransaction, { view, subject, uploadUntil }: NewDocument): void {
    const { bucket, organizationId } = transaction;
    const { id, kind, propertyId, name, mediaType, bytes, sha256, addedBy, startedAt } = view;
    // Some time after nobody can put its file any more, so that a last one is still looked at.
    transaction.write(sql`
      insert into documents.documents (bucket, organization_id, id, kind, subject_kind, subject_id, property_id, name, media_type, bytes, sha256,
        started_by, started_at, upload_until, due_at, version)
      values (${bucket}, ${organizationId}, ${id}, ${kind}, ${subject.kind}, ${subject.id}, ${propertyId}, ${name}, ${mediaType}, ${bytes}, ${sha256},
        ${addedBy}, ${startedAt}, ${uploadUntil}, ${uploadUntil}::timestamptz + interval '15 minutes', ${version})`);
  }

  /** A document, held until the end of the transaction: whoever wants to change it too waits. */
  async load(transaction: OrganizationTransaction, id: string): Promise<StoredDocument | undefined> {
    const [row] = await transaction.query<Row>(sql`
      select d.status, ${documentJson} as view, d.subject_kind, d.subject_id, d.file, d.refusal, d.retain_until, d.asset_hash
      from documents.documents d where ${isIt(transaction, id)} for no key update`);
    return row && stored(row);
  }

  complete(
    transaction: OrganizationTransaction,
    { id, completedAt, retainUntil, preview }: DocumentView,
    { file, reviewAt }: { readonly file: string; readonly reviewAt: string | null },
  ): void {
    this.set(
      transaction,
      id,
      sql`status = 'complete', file = ${file}, completed_at = ${completedAt}, retain_until = ${retainUntil}, review_at = ${reviewAt},
        preview = ${preview}, due_at = case when ${preview === 'waiting'} then now() end`,
    );
  }

  refuse(transaction: OrganizationTransaction, id: string, file: string, refusal: Refusal): void {
    this.set(
      transaction,
      id,
      sql`status = 'refused', file = ${file}, refusal = ${refusal}, ended_at = now(), due_at = now()`,
    );
  }

  /** It stays, and it is asked again later whether it may. */
  review(transaction: OrganizationTransaction, id: string, reviewAt: string): void {
    const { bucket, organizationId } = transaction;
    // Nothing that anybody is shown changes: the version stays.
    transaction.write(sql`
      update documents.documents set review_at = ${reviewAt}
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${id}`);
  }

  /** What is left says that there was a document, until nobody can ask for it any more: nothing of what was in it, nor its name. */
  remove(transaction: OrganizationTransaction, id: string): void {
    this.set(
      transaction,
      id,
      sql`status = 'removed', name = '', sha256 = '', retain_until = null, review_at = null, ended_at = now(), due_at = now(), attempts = 0`,
    );
  }

  private set(transaction: OrganizationTransaction, id: string, what: Sql): void {
    transaction.write(
      sql`update documents.documents d set ${what}, version = ${version} where ${isIt(transaction, id)}`,
    );
  }
}

const isIt = ({ bucket, organizationId }: OrganizationTransaction, id: string): Sql =>
  sql`d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.id = ${id}`;

const stored = ({ view, ...row }: Row): StoredDocument => ({
  ...{ id: view.id, kind: view.kind as DocumentKind, mediaType: view.mediaType as MediaType, bytes: view.bytes },
  ...{ sha256: view.sha256, status: row.status, view, propertyId: view.propertyId, addedBy: view.addedBy },
  subject: { kind: row.subject_kind, id: row.subject_id },
  file: row.file,
  refusal: row.refusal,
  retainUntil: row.retain_until,
  assetHash: row.asset_hash,
});
