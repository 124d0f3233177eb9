import { features, removeFilesOf } from '@innkeep/assembly';
import { beginDeletion, closedBefore } from '@innkeep/features/identity';
import type { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import { deleteOrganization, deletionAsks } from '@innkeep/platform/deletion';
import type { FileStorage } from '@innkeep/platform/files';

const BATCH = 100;
const DAY_MS = 24 * 3_600_000;

/** What organizations are deleted with. */
export interface Deleting {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly unitOfWork: UnitOfWork;
  readonly storage: FileStorage;
  /** How long after its closing an organization can still be opened again. */
  readonly graceDays: number;
}

/**
 * Deletes what closed organizations have left once their time is over, and goes on with what was begun. Answers how many were deleted and
 * how many have to wait for the projector.
 */
export async function deleteOrganizations(deleting: Deleting): Promise<{ deleted: number; waiting: number }> {
  const { directory, shards, unitOfWork, storage, graceDays } = deleting;
  const closedAt = new Date(Date.now() - graceDays * DAY_MS);
  const done = { deleted: 0, waiting: 0 };
  const removeFiles = (organizationId: number) => removeFilesOf(features, storage, organizationId);
  for (const { pool } of shards.all) {
    for (const organizationId of await closedBefore(pool, closedAt, BATCH))
      await beginDeletion(unitOfWork, organizationId, closedAt);
    for (const ask of await deletionAsks(pool, BATCH)) {
      const rows = await deleteOrganization({ pool, directory, removeFiles }, ask);
      if (rows === undefined) done.waiting++;
      else done.deleted++;
    }
  }
  return done;
}
