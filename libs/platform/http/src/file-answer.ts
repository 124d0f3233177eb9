import { Readable } from 'node:stream';
import { DomainError } from '@innkeep/contracts';
import type { ByteRange, OpenFile } from '@innkeep/platform/files';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpProblems } from './http.problems';
import { matches } from './validators';

/** A file as it is sent. */
export interface AnsweredFile {
  readonly bytes: number;
  /** A strong validator: other bytes have another. */
  readonly etag: string;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined if it is gone. */
  open(range?: ByteRange): Promise<OpenFile | undefined>;
}

/** Whoever reads what a file says as a page gets an empty one: no script, no form, no frame, no origin. */
export const FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/**
 * The part of a file that a Range asks for (RFC 9110, 14.2); undefined: all of it. More than one part at once is not looked at: those
 * who ask for many small ones make much work of little.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return undefined;
  const [from, to] = [found[1]!, found[2]!];
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return first > last || first >= bytes ? 'unsatisfiable' : { first, last };
}

/** Whether a Range still is of the file that the client has begun with (RFC 9110, 13.1.5). A date is no strong validator here. */
const isOfThis = ({ headers }: FastifyRequest, etag: string): boolean =>
  headers['if-range'] === undefined || String(headers['if-range']).trim() === etag;

/** Sends a file, or the part of it that is asked for, as it comes from where it is kept. */
export async function answerFile(request: FastifyRequest, reply: FastifyReply, file: AnsweredFile): Promise<void> {
  const { bytes, etag, mediaType, headers } = file;
  reply.headers({ 'content-security-policy': FILE_POLICY, 'accept-ranges': 'bytes', ...headers, etag });
  if (matches(request.headers['if-none-match'], etag)) return void reply.code(304).send();
  const isHead = request.method === 'HEAD';
  const range = !isHead && isOfThis(request, etag) ? rangeOf(request.headers.range, bytes) : undefined;
  if (range === 'unsatisfiable')
    throw new DomainError(httpProblems['range-not-satisfiable'], `The file has ${bytes} bytes, counted from 0.`, {
      headers: { 'content-range': `bytes */${bytes}` },
    });
  const found = isHead ? { content: Readable.from([]) } : await file.open(range);
  if (!found) throw new DomainError(httpProblems['not-found'], 'The file is not there any more.');
  if (range) reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${bytes}`);
  const length = range ? range.last - range.first + 1 : bytes;
  void reply.header('content-length', String(length)).type(mediaType).send(found.content);
}

/** A Content-Disposition (RFC 6266): the name in ASCII for the old, in full for everybody else. */
export function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return plain === name ? `${kind}; filename="${plain}"` : `${kind}; filename="${plain}"; filename*=UTF-8''${full}`;
}
