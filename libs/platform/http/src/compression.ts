import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { AnswerCache } from '@innkeep/platform/cache';
import type { FastifyInstance } from 'fastify';
import { type Encoding, encodingFor } from './encoding';

/** Below this, what is saved is less than what a packet holds anyway. In bytes. */
const LEAST_BYTES = 1_024;
/** The quality at which Brotli is as fast as gzip is at its usual one, and packs answers tighter. */
const BROTLI_QUALITY = 4;

const [brotliOf, gzipOf] = [promisify(brotliCompress), promisify(gzip)];

const compress = (body: Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === 'gzip'
    ? gzipOf(body)
    : brotliOf(body, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      });

/**
 * Compresses each answer at most once for each encoding, off the event loop, and has the bytes kept beside an answer that is kept.
 * Not a plugin, because answers from memory are given before any plugin is asked.
 */
export class Compression {
  /** What is being compressed: those who ask meanwhile get the same bytes. */
  private readonly underWay = new WeakMap<Buffer, Map<Encoding, Promise<Buffer>>>();

  constructor(private readonly cache: AnswerCache) {}

  /** How to send so many bytes to whoever accepts this; undefined: as they are. */
  encodingFor(accepted: string | undefined, bytes: number): Encoding | undefined {
    return bytes < LEAST_BYTES || accepted === undefined ? undefined : encodingFor(accepted);
  }

  /** @param key under which the answer with this very body is kept, if it is */
  async compress(body: Buffer, encoding: Encoding, key?: string): Promise<Buffer> {
    if (key === undefined) return compress(body, encoding);
    let byEncoding = this.underWay.get(body);
    if (!byEncoding) this.underWay.set(body, (byEncoding = new Map()));
    let compressed = byEncoding.get(encoding);
    if (!compressed) byEncoding.set(encoding, (compressed = this.compressKept(body, encoding, key)));
    return compressed;
  }

  private async compressKept(body: Buffer, encoding: Encoding, key: string): Promise<Buffer> {
    try {
      const compressed = await compress(body, encoding);
      this.cache.keepEncoded(key, body, encoding, compressed);
      return compressed;
    } finally {
      this.underWay.get(body)?.delete(encoding);
    }
  }
}

/**
 * Compresses what reads are answered with. Not streams, whose parts have to arrive one by one; not what a strong ETag names byte for
 * byte, which is one item and small; and not what changes are answered with: tokens are among it, and the length of what is
 * compressed with them could be made to tell them (BREACH).
 */
export function compressAnswers(server: FastifyInstance, compression: Compression): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isText = typeof payload === 'string';
    if (!isRead || !(isText || Buffer.isBuffer(payload))) return done(null, payload);
    const type = String(reply.getHeader('content-type') ?? '');
    if (!/^application\/(problem\+)?json/.test(type) || String(reply.getHeader('etag') ?? '').startsWith('"'))
      return done(null, payload);
    const body = isText ? Buffer.from(payload) : payload;
    if (!/\baccept-encoding\b/i.test(String(reply.getHeader('vary') ?? '')))
      reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].filter(Boolean).join(', '));
    const encoding = compression.encodingFor(request.headers['accept-encoding'], body.length);
    if (!encoding) return done(null, payload);
    compression.compress(body, encoding, request.cacheKey).then((compressed) => {
      reply.header('content-encoding', encoding);
      done(null, compressed);
    }, done);
  });
}
