import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileStorage, type KeptFile } from './file-storage';

const NAME = /^[\da-z][\w.-]{0,100}(?:\/[\da-z][\w.-]{0,100}){0,5}$/i;

/** Files in a folder of this machine, or of one that is mounted here. For their owner's eyes alone. */
export class LocalFiles extends FileStorage {
  constructor(private readonly folder: string) {
    super();
  }

  async put(name: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
    const path = this.pathOf(name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Beside where it is going to be, under a name of its own: two who write at once do not write into each other's file.
    const partial = `${path}.${randomUUID()}.part`;
    try {
      const kept = await write(partial, content);
      await rename(partial, path);
      return kept;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  async open(name: string) {
    try {
      const handle = await open(this.pathOf(name), 'r');
      const { size } = await handle.stat();
      return { bytes: size, content: handle.createReadStream() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { recursive: true, force: true });
  }

  private pathOf(name: string): string {
    if (!NAME.test(name)) throw new Error('this is no name of a file');
    return join(this.folder, name);
  }
}

async function write(path: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    // What is said to be kept is on the disk, also when the machine stops in the next moment.
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
