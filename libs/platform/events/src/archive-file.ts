import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline as flow } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';

const bucketRange = z.object({ bucket: z.number(), first: z.number(), last: z.number() });
/** The positions of one bucket that a file holds, without gaps. */
export type BucketRange = z.infer<typeof bucketRange>;

const manifestSchema = z.object({
  format: z.literal(1),
  /** The month that the events were recorded in, `YYYY-MM`, in UTC. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  events: z.number(),
  bytes: z.number(),
  /** Of the compressed file, as `sha256sum` says it. */
  sha256: z.string(),
  buckets: z.array(bucketRange),
});
/** What a file says of itself, in a second file beside it. */
export type ArchiveManifest = z.infer<typeof manifestSchema>;

/** A file of the archive is missing, damaged, or not the one that is meant. */
export class ArchiveFileError extends Error {
  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.name = 'ArchiveFileError';
  }
}

const eventsPath = (folder: string, month: string) => join(folder, `events-${month}.jsonl.gz`);
const manifestPath = (folder: string, month: string) => join(folder, `events-${month}.json`);

const reasonOf = (error: unknown) =>
  (error as { code?: string }).code === 'ENOENT' ? 'is not there' : `cannot be read (${(error as Error).message})`;

/** Puts events together by bucket and refuses any that does not follow the one before it. */
class Ranges {
  private readonly byBucket = new Map<number, { first: number; last: number }>();
  events = 0;

  constructor(private readonly path: string) {}

  add(line: string): void {
    const { bucket, position } = this.read(line);
    const range = this.byBucket.get(bucket);
    if (range && position !== range.last + 1)
      throw new ArchiveFileError(this.path, `position ${position} of bucket ${bucket} follows ${range.last}`);
    if (range) range.last = position;
    else this.byBucket.set(bucket, { first: position, last: position });
    this.events++;
  }

  private read(line: string): { bucket: number; position: number } {
    try {
      return JSON.parse(line) as { bucket: number; position: number };
    } catch {
      throw new ArchiveFileError(this.path, `line ${this.events + 1} is no event`);
    }
  }

  list(): BucketRange[] {
    return [...this.byBucket].map(([bucket, range]) => ({ bucket, ...range }));
  }
}

/**
 * Writes a month's events, one JSON object a line, ordered by bucket and position, compressed, and safe on the disk when this
 * returns. Nothing bears the file's name before it is whole.
 */
export async function writeArchive(
  folder: string,
  month: string,
  lines: AsyncIterable<readonly string[]>,
): Promise<ArchiveManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = eventsPath(folder, month);
  const ranges = new Ranges(path);
  const hash = createHash('sha256');
  let bytes = 0;
  async function* text() {
    for await (const chunk of lines) {
      chunk.forEach((line) => ranges.add(line));
      if (chunk.length > 0) yield `${chunk.join('\n')}\n`;
    }
  }
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  // What an organization wrote stands in there: for the operator alone.
  const target = createWriteStream(`${path}.partial`, { mode: 0o600, flush: true });
  await pipeline(text, createGzip(), counted, target);
  const manifest: ArchiveManifest = {
    format: 1,
    month,
    events: ranges.events,
    bytes,
    sha256: hash.digest('hex'),
    buckets: ranges.list(),
  };
  await writeFile(`${manifestPath(folder, month)}.partial`, JSON.stringify(manifest), { mode: 0o600, flush: true });
  await rename(`${path}.partial`, path);
  await rename(`${manifestPath(folder, month)}.partial`, manifestPath(folder, month));
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
  return manifest;
}

/** What the file beside a month's events says of them. */
export async function readManifest(folder: string, month: string): Promise<ArchiveManifest> {
  const path = manifestPath(folder, month);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ArchiveFileError(path, reasonOf(error));
  });
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new ArchiveFileError(path, 'is not the description of an archive file');
  }
}

/** Fails unless the file is the one with this checksum. Its events are not looked at. */
export async function checkArchive(folder: string, month: string, sha256: string): Promise<void> {
  const path = eventsPath(folder, month);
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw new ArchiveFileError(path, reasonOf(error));
  }
  if (hash.digest('hex') !== sha256) throw new ArchiveFileError(path, 'its checksum is not the one of the archive');
}

/** The lines of a month's file, in chunks. */
export async function* readArchive(folder: string, month: string, chunkSize: number): AsyncGenerator<string[]> {
  const path = eventsPath(folder, month);
  // A failure of either stream ends the second one with it, and with that the loop below.
  const text = flow(createReadStream(path), createGunzip(), () => undefined).setEncoding('utf8');
  let lines: string[] = [];
  try {
    for await (const piece of text) {
      const [end, ...more] = (piece as string).split('\n');
      lines.push((lines.pop() ?? '') + end!, ...more);
      // The last line may go on in the next piece.
      while (lines.length > chunkSize) yield lines.splice(0, chunkSize);
    }
  } catch (error) {
    throw new ArchiveFileError(path, reasonOf(error));
  }
  lines = lines.filter((line) => line !== '');
  if (lines.length > 0) yield lines;
}

/** Reads a file from its first to its last event and fails unless it holds just what its manifest says. */
export async function verifyArchive(folder: string, manifest: ArchiveManifest): Promise<void> {
  const { month } = manifest;
  await checkArchive(folder, month, manifest.sha256);
  const path = eventsPath(folder, month);
  const ranges = new Ranges(path);
  for await (const lines of readArchive(folder, month, 1_000)) lines.forEach((line) => ranges.add(line));
  const inOrder = (list: readonly BucketRange[]) => JSON.stringify([...list].sort((a, b) => a.bucket - b.bucket));
  if (ranges.events !== manifest.events || inOrder(ranges.list()) !== inOrder(manifest.buckets))
    throw new ArchiveFileError(path, 'it does not hold what its description says');
}

/** Removes a month's files. */
export async function removeArchive(folder: string, month: string): Promise<void> {
  for (const path of [eventsPath(folder, month), manifestPath(folder, month)]) await rm(path, { force: true });
}
