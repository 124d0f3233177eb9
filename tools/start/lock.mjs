// A lock held by a live process: a file that can only be made once, with the holder's pid in it.
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { commandOf } from './processes.mjs';

/** Takes the lock, or answers with the pid of the live process that holds it; `program` matches the command line of one. */
export async function takeLock(file, program) {
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    for (;;) {
      // link() fails when the name exists, and the file is never seen empty.
      const taken = await link(own, file).then(
        () => true,
        (error) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (taken) return { release: () => rm(file, { force: true }) };
      const holder = Number(await readFile(file, 'utf8').catch(() => ''));
      // In a container a dead holder's number soon belongs to another, even to ourselves.
      if (holder !== process.pid && program.test(await commandOf(holder))) return { holder };
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}
