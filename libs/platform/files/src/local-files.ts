import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type ByteRange, FileStorage, type KeptFile, type ListedFile, type OpenFile, assertName } from './file-storage';
import { writeFile } from './write-file';

const PARTIAL = '.part';

/** Files in a folder of this machine, or of one that is mounted here. For their owner's eyes alone. */
export class LocalFiles extends FileStorage {
  constructor(private readonly folder: string) {
    super();
  }

  async put(name: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
    const path = this.pathOf(name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Beside where it is going to be, under a name of its own: two who write at once do not write into each other's file.
    const partial = `${path}.${randomUUID()}${PARTIAL}`;
    try {
      const kept = await writeFile(partial, content);
      await rename(partial, path);
      return kept;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  async open(name: string, range?: ByteRange): Promise<OpenFile | undefined> {
    const handle = await orAbsent(open(this.pathOf(name), 'r'));
    if (!handle) return undefined;
    const { size, isFile } = await handle.stat().then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) {
      await handle.close();
      return undefined;
    }
    return { bytes: size, content: handle.createReadStream(range && { start: range.first, end: range.last }) };
  }

  async bytesOf(name: string): Promise<number | undefined> {
    const found = await orAbsent(stat(this.pathOf(name)));
    return found?.isFile() ? found.size : undefined;
  }

  async move(from: string, to: string): Promise<boolean> {
    const path = this.pathOf(to);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const moved = await orAbsent(rename(this.pathOf(from), path).then(() => true));
    return moved ?? false;
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { recursive: true, force: true });
  }

  async *list(folder: string): AsyncGenerator<ListedFile> {
    const entries = (await orAbsent(readdir(this.pathOf(folder), { withFileTypes: true }))) ?? [];
    for (const entry of entries) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.list(name);
      else {
        const path = join(this.folder, name);
        const found = await orAbsent(stat(path));
        if (found)
          yield { name: relative(this.folder, path).split(sep).join('/'), bytes: found.size, modifiedAt: found.mtime };
      }
    }
  }

  private pathOf(name: string): string {
    assertName(name);
    return join(this.folder, name);
  }
}

/** What is found, or undefined if there is nothing by that name. */
async function orAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
