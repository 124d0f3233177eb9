import type { IncomingMessage } from 'node:http';
import { DomainError } from '@innkeep/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { visit } from 'jsonc-parser';
import { httpProblems, invalidRequest } from './http.problems';
import { checkJsonBounds } from './json-bounds';
import { prototypeKeys } from './prototype-keys';
import { ending } from './unreadable-requests';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Where the parser would first stumble, in bytes of the body; only looked for once it did. */
function offsetOfError(text: string): number {
  let offset = text.length;
  visit(text, { onError: (_code, at) => (offset = Math.min(offset, at)) }, { disallowComments: true });
  return Buffer.byteLength(text.slice(0, offset));
}

/** What PostgreSQL cannot store as text, and keys that would reach an object's prototype. */
function checkValue(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !value.isWellFormed()) {
      throw new DomainError(httpProblems['invalid-character'], 'Remove NUL characters and unpaired surrogates.', {
        errors: [{ pointer, detail: 'holds a NUL character or an unpaired surrogate' }],
      });
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (prototypeKeys.includes(key))
        throw invalidRequest([{ pointer: `${pointer}/${key}`, detail: 'is not a known property' }]);
      checkValue(key, `${pointer}/${key}`);
      checkValue(item, `${pointer}/${key}`);
    }
  }
}

function decode(body: Buffer): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new DomainError(httpProblems['invalid-utf8'], 'Send the body as UTF-8.');
  }
}

/** A body of text: valid UTF-8, of characters that can be stored. */
function parseText(body: Buffer): string {
  const text = decode(body);
  checkValue(text, '');
  return text;
}

/** Parses a JSON body strictly: valid UTF-8, limited depth and size, no key twice, storable strings. */
export function parseJson(body: Buffer): unknown {
  const text = decode(body);
  if (text.trim() === '') return undefined;
  checkJsonBounds(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const offset = offsetOfError(text);
    throw new DomainError(httpProblems['malformed-json'], `The body stops being JSON at byte ${offset}.`, {
      members: { offset },
    });
  }
  checkValue(value, '');
  return value;
}

const unsupported = (detail: string) => new DomainError(httpProblems['unsupported-media-type'], detail);

/** One type of content, in UTF-8 and not compressed: anything else would be read as what it is not. */
function checkContentType({ headers, raw }: FastifyRequest): void {
  const types = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type');
  if (types.length > 1) throw unsupported('Send one Content-Type.');
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type']!)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw unsupported('Send the body as UTF-8.');
  if (!/^(identity)?$/i.test(String(headers['content-encoding'] ?? '').trim()))
    throw unsupported('Send the body as it is, without Content-Encoding.');
}

/** What a client names in a query or a path: given once, of characters that can be stored, and never a way to a prototype. */
function parameterError(name: string, value: unknown): DomainError | undefined {
  if (prototypeKeys.includes(name)) return invalidRequest([{ pointer: name, detail: 'is not a known parameter' }]);
  if (Array.isArray(value)) return invalidRequest([{ pointer: name, detail: 'may be given only once' }]);
  const isStorable = [name, value].every((text) => typeof text !== 'string' || !/[\u0000\ufffd]/.test(text));
  if (isStorable) return undefined;
  return new DomainError(httpProblems['invalid-character'], 'Remove characters that are not text.', {
    errors: [{ pointer: name, detail: 'holds a character that cannot be stored' }],
  });
}

/**
 * Whether there is one Host (RFC 9112, 3.2) and at most one Authorization: of two, who stands before us may have read the one that
 * the HTTP parser drops.
 */
export function hasSingleHeaders({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let [hosts, authorizations] = [0, 0];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations++;
  }
  return authorizations <= 1 && (hosts === 1 || (hosts === 0 && httpVersion === '1.0'));
}

/** Refuses requests whose headers say two things, before anybody asks who calls. */
export function guardHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (hasSingleHeaders(request.raw)) return done();
    done(new DomainError(httpProblems['invalid-request'], 'Send one Host, and at most one Authorization.'));
  });
}

/**
 * Refuses a body in any coding but `chunked` (RFC 9112, 6.1), before anybody is asked who calls: where such a body ends is read
 * differently from server to server, and what one takes for its end may be the next request to another. The connection is closed.
 */
export function refuseOtherCodings(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const coding = request.headers['transfer-encoding'];
    // What does not end in chunks is an error to the HTTP parser itself.
    if (coding === undefined || !/,\s*chunked$/i.test(coding)) return done();
    ending.add(request.raw.socket);
    done(
      new DomainError(httpProblems['invalid-request'], 'Send the body as it is or in chunks, in no other coding.', {
        headers: { connection: 'close' },
      }),
    );
  });
}

/** Replaces Fastify's own parsers by the strict one, and refuses parameters that are repeated or cannot be stored. */
export function guardInput(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      checkContentType(request);
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!request.routeOptions.config.rules?.takesCsv) throw unsupported('Send the body as application/json.');
      checkContentType(request);
      done(null, parseText(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('onRequest', (request, _reply, done) => {
    // A body that means nothing here may mean something to who stands between, and what is read from it may end up in a cache.
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    if (hasBody && (request.method === 'GET' || request.method === 'HEAD'))
      return done(new DomainError(httpProblems['invalid-request'], 'Send no body with GET or HEAD.'));
    done();
  });
  server.addHook('preValidation', (request, _reply, done) => {
    const parameters: Record<string, unknown>[] = [request.query as object, request.params as object].map((given) => ({
      ...given,
    }));
    for (const [name, value] of parameters.flatMap((given) => Object.entries(given))) {
      const error = parameterError(name, value);
      if (error) return done(error);
    }
    const { rules, takesQuery } = request.routeOptions.config;
    const unknown = rules && !takesQuery ? Object.keys(request.query as object) : [];
    if (unknown.length === 0) return done();
    done(invalidRequest(unknown.map((name) => ({ pointer: `/${name}`, detail: 'is unknown' }))));
  });
}
