import { constants, deflateRawSync } from 'node:zlib';
import type { Entry } from './entry';
import { formatPosition } from './position';

/** From this size on what is sent at once is compressed, for whoever takes it so. In bytes. */
export const COMPRESSED_BYTES = 8 * 1024;
const FASTEST = 1;

/** How a stream is written: as it is, or as gzip. */
export type Coding = 'identity' | 'gzip';

/**
 * A part of a gzip stream that depends on nothing before it and ends on a whole byte: so the same bytes can go to every client, and no
 * connection needs a compressor of its own. What is small is only wrapped.
 */
function gzipPart(bytes: Buffer): Buffer {
  if (bytes.length >= COMPRESSED_BYTES)
    return deflateRawSync(bytes, { level: FASTEST, finishFlush: constants.Z_SYNC_FLUSH });
  const header = Buffer.alloc(5);
  header.writeUInt16LE(bytes.length, 1);
  header.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([header, bytes]);
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

/** Bytes as one chunk of a body that is sent in chunks (RFC 9112, 7.1). */
const chunk = (...parts: readonly Buffer[]): Buffer => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...parts, Buffer.from('\r\n')]);
};

/** The end of a body that is sent in chunks. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Text as it goes over the wire; `isFirst` where nothing was sent before it. */
export function onWire(text: string, coding: Coding, isFirst = false): Buffer {
  const bytes = Buffer.from(text);
  if (coding === 'identity') return chunk(bytes);
  const part = gzipPart(bytes);
  return isFirst ? chunk(GZIP_HEADER, part) : chunk(part);
}

/** Of several entries about one thing the last, where the others may be left out. */
export function conflate(entries: readonly Entry[]): readonly Entry[] {
  if (!entries.some(({ thing }) => thing !== '')) return entries;
  const last = new Map(entries.map(({ thing, version }) => [thing, version]));
  return entries.filter(({ thing, version }) => thing === '' || last.get(thing) === version);
}

/** Entries that go to clients together, as text and bytes that are made once, when they are first asked for. */
export class Batch {
  readonly entries: readonly Entry[];
  /** How many were left out because another about the same thing follows. */
  readonly conflated: number;
  private readonly wire: Partial<Record<Coding, Buffer>> = {};
  /** How many bytes less it has compressed. */
  saved = 0;

  /** @param after the version of the message before the first of them */
  constructor(
    private readonly epoch: number,
    private readonly after: number,
    heard: readonly Entry[],
  ) {
    this.entries = conflate(heard);
    this.conflated = heard.length - this.entries.length;
  }

  /** The version of the last message in it. */
  get last(): number {
    return this.entries.at(-1)!.version;
  }

  /** The messages as JSON texts, each naming the one before. */
  messages(): string[] {
    let after = this.after;
    return this.entries.map(({ version, body }) => {
      const message = `{"id":"${formatPosition(this.epoch, version)}","after":"${formatPosition(this.epoch, after)}",${body}`;
      after = version;
      return message;
    });
  }

  bytes(coding: Coding): Buffer {
    return (this.wire[coding] ??= this.encode(coding));
  }

  private encode(coding: Coding): Buffer {
    const messages = this.messages();
    const text = this.entries
      .map(({ version }, index) => `id: ${formatPosition(this.epoch, version)}\ndata: ${messages[index]}\n\n`)
      .join('');
    const bytes = onWire(text, coding);
    if (coding === 'gzip') this.saved = Math.max(0, Buffer.byteLength(text) - bytes.length);
    return bytes;
  }
}
