import type { Readable } from 'node:stream';
import { z } from 'zod';

/** What processes that keep files read from their environment. */
export const filesEnvironment = z.object({
  /** The folder for files. Processes that are to find each other's files share it. */
  DATA_DIR: z.string().min(1).default('.innkeep'),
});

/** A file that is kept: how long it is, and by what it is recognized. */
export interface KeptFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where files are kept by their names. A name is parts of letters, digits, dots and dashes, with slashes between them. */
export abstract class FileStorage {
  /** Keeps the content under a name, in the place of what was there. Until all of it is written nothing is seen of it. */
  abstract put(name: string, content: AsyncIterable<Buffer>): Promise<KeptFile>;

  /** The content of a file from its beginning; undefined if there is none by that name. */
  abstract open(name: string): Promise<{ readonly bytes: number; readonly content: Readable } | undefined>;

  /** Removes a file, or everything whose name begins with this one and a slash. Removing what is not there is done. */
  abstract remove(name: string): Promise<void>;
}
