const BLOCK = 512;
/** The most that eleven octal digits hold; longer files have their length in binary. */
const LARGEST_OCTAL = 8 ** 11 - 1;

/** One file of an archive. Its length has to be known, because it goes before the content. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
  readonly content: AsyncIterable<Buffer>;
}

/** The files as one, in the format of POSIX tar (ustar). */
export async function* tarOf(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Buffer> {
  for await (const entry of entries) {
    yield headerOf(entry);
    let bytes = 0;
    for await (const chunk of entry.content) {
      bytes += chunk.length;
      yield chunk;
    }
    if (bytes !== entry.bytes) throw new Error(`${entry.name} has ${bytes} bytes where ${entry.bytes} were announced`);
    yield Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function headerOf({ name, bytes, modifiedAt }: TarEntry): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name for an archive`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'ascii');
  header.write(name, 0);
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  if (bytes <= LARGEST_OCTAL) octal(bytes, 124, 12);
  else {
    header.writeUInt8(0x80, 124);
    header.writeBigUInt64BE(BigInt(bytes), 128);
  }
  octal(Math.floor(modifiedAt.getTime() / 1_000), 136, 12);
  header.write('0', 156, 'ascii');
  header.write('ustar\x0000', 257, 'ascii');
  // The sum is taken over the header with blanks in its own place.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}
