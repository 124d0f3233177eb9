import { type Sql, StoragePort } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { assetUrl } from './document.sql';

/** What other features may ask about an organization's files: how much they take, those included that were announced, and its logos. */
@Injectable()
export class StorageAnswers extends StoragePort {
  async usedBytes(port: Sql): Promise<number> {
    const [row] = await port.query<{ bytes: number }>(
      `select coalesce(sum(bytes + coalesce(asset_bytes, 0)), 0)::float8 as bytes from documents.documents
       where bucket = $1 and organization_id = $2 and status in ('started', 'complete')`,
      [port.bucket, port.organizationId],
    );
    return row!.bytes;
  }

  async logo(port: Sql, documentId: string): Promise<{ readonly url: string | null } | undefined> {
    const [row] = await port.query<{ url: string | null }>(
      `select ${assetUrl} as url from documents.documents d
       where d.bucket = $1 and d.organization_id = $2 and d.id = $3::uuid and d.kind = 'logo' and d.status = 'complete'`,
      [port.bucket, port.organizationId, documentId],
    );
    return row;
  }
}
