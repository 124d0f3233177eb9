import { DomainError } from '@innkeep/contracts';
import type { FastifyInstance } from 'fastify';
import { httpProblems, invalidRequest } from './http.problems';

const MAX_DEPTH = 32;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const badJson = (detail: string) => new DomainError(httpProblems['malformed-json'], detail);

/** Depth is counted on the raw text before anything is built from it: a parser would have spent the time and the memory already. */
function checkDepth(text: string): void {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isString) {
      if (code === 92) index++;
      else if (code === 34) isString = false;
    } else if (code === 34) isString = true;
    else if (code === 123 || code === 91) {
      if (++depth > MAX_DEPTH)
        throw new DomainError(httpProblems['json-too-deep'], `Nest at most ${MAX_DEPTH} levels.`);
    } else if (code === 125 || code === 93) depth--;
  }
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
      if (key === '__proto__' || key === 'constructor')
        throw invalidRequest([{ pointer: `${pointer}/${key}`, detail: 'is not a known property' }]);
      checkValue(key, `${pointer}/${key}`);
      checkValue(item, `${pointer}/${key}`);
    }
  }
}

/** Parses a JSON body strictly: valid UTF-8, limited depth, storable strings. */
export function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw badJson('The body is not valid UTF-8.');
  }
  if (text.trim() === '') return undefined;
  checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badJson(`${(error as Error).message}.`);
  }
  checkValue(value, '');
  return value;
}

/** Replaces Fastify's own parsers by the strict one, and refuses parameters that are repeated or cannot be stored. */
export function guardInput(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('preValidation', (request, _reply, done) => {
    for (const [name, value] of Object.entries({ ...(request.query as object), ...(request.params as object) }) as [
      string,
      unknown,
    ][]) {
      if (Array.isArray(value)) return done(invalidRequest([{ pointer: name, detail: 'may be given only once' }]));
      if (typeof value === 'string' && (value.includes('\u0000') || value.includes('\ufffd'))) {
        return done(
          new DomainError(httpProblems['invalid-character'], 'Remove characters that are not text.', {
            errors: [{ pointer: name, detail: 'holds a character that cannot be stored' }],
          }),
        );
      }
    }
    done();
  });
}
