import { type Sql, StoragePort } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';

/** How much the files of an organization take: those that are there, and those that were announced. */
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
}
