import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { KeptFile } from './file-storage';

/** Writes a new file for its owner's eyes alone. What is said to be written is on the disk, also when the machine stops right after. */
export async function writeFile(path: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
