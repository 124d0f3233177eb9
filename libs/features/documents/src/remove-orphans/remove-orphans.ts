import type { Directory, UnitOfWork } from '@innkeep/platform/database';
import type { FileStorage } from '@innkeep/platform/files';
import { validate } from 'uuid';
import { folders } from '../document';
import { type Asked, knownFiles } from './known-files.store';

/** What orphans are looked for with. */
export interface OrphanSearch {
  readonly directory: Directory;
  readonly unitOfWork: UnitOfWork;
  readonly storage: FileStorage;
}

/** How many files were looked at, and how many of them nothing knew of. */
export interface OrphansFound {
  readonly files: number;
  readonly removed: number;
}

/**
 * How old a file is before it is asked whose it is. An upload is over within half an hour, and a file that was looked at is in a row a
 * moment later: after two days nothing that somebody is at is taken for one that nobody knows.
 */
export const GRACE_HOURS = 48;

/** So many files are asked for at once. */
const BATCH = 500;

/**
 * Removes files that no document has: of an upload whose row is gone, of a look that died in the middle, put by a link after its upload was
 * given up. Files of organizations that the directory does not know are left alone, for a directory may also be one of yesterday; those of a
 * closed organization went with it. Answers when every file was looked at.
 */
export async function removeOrphans(search: OrphanSearch, now: Date): Promise<OrphansFound> {
  const until = now.getTime() - GRACE_HOURS * 3_600_000;
  const found = { files: 0, removed: 0 };
  let batch = new Map<number, string[]>();
  const settle = async () => {
    for (const [organizationId, names] of batch) found.removed += await removeUnknown(search, organizationId, names);
    batch = new Map();
  };
  for (const folder of folders)
    for await (const { name, modifiedAt } of search.storage.list(`${folder}/org`)) {
      const organizationId = Number(name.split('/')[2]);
      if (modifiedAt.getTime() > until || !Number.isSafeInteger(organizationId)) continue;
      batch.set(organizationId, [...(batch.get(organizationId) ?? []), name]);
      if (++found.files % BATCH === 0) await settle();
    }
  await settle();
  return found;
}

async function removeUnknown(
  { directory, unitOfWork, storage }: OrphanSearch,
  organizationId: number,
  names: readonly string[],
): Promise<number> {
  if (!(await directory.route(organizationId))) return 0;
  const known = await knownFiles(unitOfWork, organizationId, asked(names));
  const unknown = names.filter((name) => !known.has(name));
  for (const name of unknown) await storage.remove(name);
  return unknown.length;
}

/** The document or the public image that a file is of, by its name: `…/<id>`, `…/<id>.<attempt>`, `…/<hash>`. */
function asked(names: readonly string[]): Asked {
  const marks = [...new Set(names.map((name) => name.split('/').at(-1)!.split('.')[0]!))];
  return { ids: marks.filter((mark) => validate(mark)), hashes: marks.filter((mark) => !validate(mark)) };
}
