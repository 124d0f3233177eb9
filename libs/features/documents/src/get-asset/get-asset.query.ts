import type { Tag } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';

interface AssetRow {
  readonly bytes: number;
}

/** How long a public image is, as long as it is public. */
export class GetAsset extends Query<Snapshot<AssetRow>> {
  constructor(
    readonly organizationId: number,
    readonly hash: string,
    readonly tags: readonly Tag[],
  ) {
    super();
  }
}

@QueryHandler(GetAsset)
export class GetAssetHandler implements IQueryHandler<GetAsset> {
  constructor(private readonly reader: Reader) {}

  async execute({ organizationId, hash, tags }: GetAsset): Promise<Snapshot<AssetRow>> {
    // Asked of the documents, because a purge follows their change: whoever reads after the purge finds it changed.
    return this.reader.read<AssetRow>(
      { organizationId, tags },
      ({ bucket }) => sql`
        select d.asset_bytes::float8 as bytes from documents.documents d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.asset_hash = ${hash} and d.status = 'complete'`,
    );
  }
}
