import { AssetPublished, type DocumentKind, systemPrincipal } from '@innkeep/contracts';
import { type OrganizationTransaction, type Sql, type UnitOfWork, sql } from '@innkeep/platform/database';
import type { Pool } from 'pg';
import { aboutDocument, eventSubject } from '../document-events';
import type { DocumentStatus } from '../document.store';
import type { MadeImages } from './images';

/** Which document is meant. */
export interface DocumentKey {
  readonly organizationId: number;
  readonly id: string;
}

/** What is to be done of a document. */
export interface DocumentTask {
  readonly what: 'give-up' | 'draw' | 'remove';
  readonly kind: DocumentKind;
  readonly file: string | null;
  readonly assetHash: string | null;
  readonly sha256: string;
}

/** A public image as it is kept. */
export interface PublishedImage {
  readonly hash: string;
  readonly bytes: number;
}

interface Row {
  readonly status: DocumentStatus;
  readonly kind: DocumentKind;
  readonly file: string | null;
  readonly asset_hash: string | null;
  readonly sha256: string;
  readonly attempts: number;
}

/** Whoever is at a document and has not been heard of for this long has died. In seconds. */
const LEASE_SECONDS = 120;
const ATTEMPTS = 5;

/** What is due, of all organizations. */
export async function dueDocuments(pool: Pool, limit: number): Promise<DocumentKey[]> {
  const { rows } = await pool.query<{ organization_id: string; id: string }>(
    'select organization_id, id from documents.work_due($1)',
    [limit],
  );
  return rows.map(({ organization_id, id }) => ({ organizationId: Number(organization_id), id }));
}

const whatIsDue = ({ status }: Row): DocumentTask['what'] =>
  status === 'started' ? 'give-up' : status === 'complete' ? 'draw' : 'remove';

/** What the worker notes of a document, each in a transaction of its own, as the system on behalf of the organization. */
export class DocumentWork {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Takes over what is due. Nothing if somebody else did, or has done it. */
  async take(key: DocumentKey): Promise<DocumentTask | undefined> {
    const { result } = await this.run(key, async (transaction) => {
      const [found] = await transaction.query<Row>(sql`
        select status, kind, file, asset_hash, sha256, attempts from documents.documents
        where ${isIt(transaction, key)} and due_at <= clock_timestamp() for no key update`);
      if (!found) return undefined;
      const what = whatIsDue(found);
      if (what === 'draw' && found.attempts >= ATTEMPTS) {
        this.set(transaction, key, sql`preview = 'failed', due_at = null`);
        return undefined;
      }
      // From here on nobody can complete it: what was put is removed, and not looked at.
      const given = what === 'give-up' ? sql`status = 'abandoned', name = '', sha256 = '', ended_at = now(), ` : sql``;
      this.set(transaction, key, sql`${given}attempts = least(attempts + 1, 100), due_at = ${later(LEASE_SECONDS)}`);
      return { what, kind: found.kind, file: found.file, assetHash: found.asset_hash, sha256: found.sha256 };
    });
    return result;
  }

  /** Notes what was drawn; false if the document is not there any more, or somebody else has drawn it. */
  async drawn(key: DocumentKey, { width, height }: MadeImages, asset: PublishedImage | undefined): Promise<boolean> {
    const { result } = await this.run(key, async (transaction) => {
      const [found] = await transaction.query<{
        kind: DocumentKind;
        subject_kind: string;
        subject_id: string;
        property_id: string | null;
      }>(
        sql`select kind, subject_kind, subject_id, property_id from documents.documents
          where ${isIt(transaction, key)} and status = 'complete' and preview = 'waiting' for no key update`,
      );
      if (!found) return false;
      this.set(
        transaction,
        key,
        sql`preview = 'ready', width = ${width}, height = ${height}, asset_hash = ${asset?.hash ?? null}, asset_bytes = ${asset?.bytes ?? null},
          due_at = null, version = (select version from head)`,
      );
      if (!asset) return true;
      const subject = { kind: found.subject_kind, id: found.subject_id };
      const propertyId = found.property_id === null ? null : Number(found.property_id);
      const document = { id: key.id, kind: found.kind, subject, propertyId };
      transaction.record(AssetPublished({ ...aboutDocument(document), assetHash: asset.hash }, eventSubject(document)));
      return true;
    });
    return result ?? false;
  }

  /** Whether a document has this public image. */
  async hasAsset(key: DocumentKey, hash: string): Promise<boolean> {
    const { result } = await this.run(key, (transaction) =>
      transaction.query(
        sql`select from documents.documents where ${isIt(transaction, key)} and status = 'complete' and asset_hash = ${hash}`,
      ),
    );
    return (result?.length ?? 0) > 0;
  }

  /** It is no image that could be drawn. */
  async undrawable(key: DocumentKey): Promise<void> {
    await this.run(key, async (transaction) =>
      this.set(
        transaction,
        key,
        sql`preview = 'failed', due_at = case when status = 'complete' then null else due_at end`,
      ),
    );
  }

  /** Nothing of it is kept any more. */
  async removed(key: DocumentKey): Promise<void> {
    await this.run(key, async (transaction) =>
      this.set(transaction, key, sql`file = null, asset_hash = null, due_at = null`),
    );
  }

  /** Lets somebody try again soon. */
  async failed(key: DocumentKey): Promise<void> {
    await this.run(key, async (transaction) => this.set(transaction, key, sql`due_at = ${later(10)}`));
  }

  private set(transaction: OrganizationTransaction, key: DocumentKey, what: Sql): void {
    transaction.write(sql`update documents.documents set ${what} where ${isIt(transaction, key)}`);
  }

  private run<Result>(
    { organizationId }: DocumentKey,
    handle: (transaction: OrganizationTransaction) => Promise<Result>,
  ): Promise<{ result?: Result }> {
    return this.unitOfWork.run({ principal: systemPrincipal(organizationId), requestId: 'keep-documents' }, handle);
  }
}

const isIt = ({ bucket, organizationId }: OrganizationTransaction, { id }: DocumentKey): Sql =>
  sql`bucket = ${bucket} and organization_id = ${organizationId} and id = ${id}`;

const later = (seconds: number): Sql => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
