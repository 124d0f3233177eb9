import type { Principal } from '@innkeep/contracts';
import type { TestDatabase } from './test-database';

export interface TestOrganization {
  readonly organizationId: number;
  readonly bucket: number;
}

let lastId = 5_000_000;

/** Puts organizations into the directory without signing anybody up, one for each bucket named: several may share a bucket. */
export async function addOrganizations(
  database: TestDatabase,
  buckets: readonly number[],
): Promise<readonly TestOrganization[]> {
  const organizations = buckets.map((bucket) => ({ organizationId: ++lastId, bucket }));
  await database.asAdmin(
    'insert into directory.organizations (organization_id, bucket) select * from unnest($1::bigint[], $2::smallint[])',
    [organizations.map(({ organizationId }) => organizationId), buckets],
  );
  return organizations;
}

/** An owner of the organization. */
export const ownerOf = (organizationId: number, userId = 1): Principal => ({
  organizationId,
  userId,
  role: 'owner',
  properties: 'all',
  permissionEpoch: 1,
});
