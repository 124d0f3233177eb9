import { Reader, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';

/** How long a public image is, as long as it is public; undefined if it is not. */
export class GetAsset extends Query<number | undefined> {
  constructor(
    readonly organizationId: number,
    readonly hash: string,
  ) {
    super();
  }
}

@QueryHandler(GetAsset)
export class GetAssetHandler implements IQueryHandler<GetAsset> {
  constructor(private readonly reader: Reader) {}

  async execute({ organizationId, hash }: GetAsset): Promise<number | undefined> {
    // Asked of the documents, because a purge follows their change: whoever reads after the purge finds it changed.
    const { rows } = await this.reader.read<{ bytes: number }>(
      { organizationId },
      ({ bucket }) => sql`
        select d.asset_bytes::float8 as bytes from documents.documents d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.asset_hash = ${hash} and d.status = 'complete'`,
    );
    return rows[0]?.bytes;
  }
}
