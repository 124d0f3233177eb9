import type { Readable } from 'node:stream';

/** A file that is kept: how long it is, and by what it is recognized. */
export interface KeptFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** Which bytes of a file are wanted, counted from 0, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A file that is being read. */
export interface OpenFile {
  /** How long all of it is, whatever part is read. */
  readonly bytes: number;
  readonly content: Readable;
}

/** A file as a listing shows it. */
export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** What a client is going to put. The storage takes nothing else at the address it signs for it. */
export interface AnnouncedFile {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** A request that a client sends to the storage itself, as it is told: address and headers are covered by the signature. */
export interface SignedPut {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** From when on, and how long, an address is good. The same moment and the same file make the same address. */
export interface SigningTime {
  readonly from: Date;
  readonly seconds: number;
}

/** How a browser is to take a file. */
export interface ShownAs {
  readonly method: 'GET' | 'HEAD';
  readonly mediaType: string;
  /** A Content-Disposition. */
  readonly disposition: string;
}

/**
 * Where files are kept by their names. A name is parts of letters, digits, dots and dashes, with slashes between them. A storage with
 * an address of its own signs requests to it, and clients send and get their files there; the API does that for one that has none.
 */
export abstract class FileStorage {
  /** Keeps the content under a name, in the place of what was there. Until all of it is written nothing is seen of it. */
  abstract put(name: string, content: AsyncIterable<Buffer>): Promise<KeptFile>;

  /** A file, or a part of it; undefined if there is none by that name. The range has to lie within the file. */
  abstract open(name: string, range?: ByteRange): Promise<OpenFile | undefined>;

  /** How long a file is; undefined if there is none by that name. */
  abstract bytesOf(name: string): Promise<number | undefined>;

  /** Gives a file another name; false if there is none by that name. */
  abstract move(from: string, to: string): Promise<boolean>;

  /** Removes a file, or everything whose name begins with this one and a slash. Removing what is not there is done. */
  abstract remove(name: string): Promise<void>;

  /** Every file whose name begins with this one and a slash. */
  abstract list(folder: string): AsyncIterable<ListedFile>;

  /** How a client puts a file here by itself; undefined where it cannot. */
  signPut(_name: string, _file: AnnouncedFile, _time: SigningTime): Promise<SignedPut | undefined> {
    return Promise.resolve(undefined);
  }

  /** Where a client gets a file by itself; undefined where it cannot. */
  signGet(_name: string, _as: ShownAs, _time: SigningTime): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }
}

const NAME = /^[\da-z][\w.-]{0,100}(?:\/[\da-z][\w.-]{0,100}){0,7}$/i;

/** Refuses what is no name of a file: nothing that a name is made of leads out of the storage. */
export function assertName(name: string): void {
  if (!NAME.test(name)) throw new Error('this is no name of a file');
}
