import type { Feature } from '@innkeep/platform/feature';
import type { FileStorage } from '@innkeep/platform/files';

/** Removes all files of an organization, whatever feature they are of. May be called again. */
export async function removeFilesOf(
  features: readonly Feature[],
  storage: FileStorage,
  organizationId: number,
): Promise<void> {
  for (const folder of features.flatMap(({ folders }) => folders?.(organizationId) ?? [])) await storage.remove(folder);
}
