import { systemPrincipal } from '@innkeep/contracts';
import { type UnitOfWork, sql } from '@innkeep/platform/database';
import { assetOf, previewOf, stagingOf } from '../document';

/** Files and documents as a row holds them. */
interface Row {
  readonly id: string;
  readonly is_awaited: boolean;
  readonly file: string | null;
  readonly asset_hash: string | null;
}

/** What is to be known of files that were found, by what their names say. */
export interface Asked {
  readonly ids: readonly string[];
  readonly hashes: readonly string[];
}

/** The names of all files that the documents of these ids, or with these public images, have or wait for. */
export async function knownFiles(
  unitOfWork: UnitOfWork,
  organizationId: number,
  { ids, hashes }: Asked,
): Promise<Set<string>> {
  const { result = [] } = await unitOfWork.run(
    { principal: systemPrincipal(organizationId), requestId: 'remove-orphans' },
    (transaction) =>
      transaction.query<Row>(sql`
        select id, status = 'started' as is_awaited, file, asset_hash from documents.documents
        where bucket = ${transaction.bucket} and organization_id = ${organizationId} and id = any (${ids}::uuid[])
        union
        select id, status = 'started', file, asset_hash from documents.documents
        where bucket = ${transaction.bucket} and organization_id = ${organizationId} and asset_hash = any (${hashes}::text[])`),
  );
  return new Set(
    result.flatMap(({ id, is_awaited, file, asset_hash }) => [
      ...(is_awaited ? [stagingOf(organizationId, id)] : []),
      ...(file === null ? [] : [file, previewOf(file)]),
      ...(asset_hash === null ? [] : [assetOf(organizationId, asset_hash)]),
    ]),
  );
}
