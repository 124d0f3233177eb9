import { DomainError } from '@innkeep/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpProblems } from './http.problems';

declare module 'fastify' {
  interface FastifyRequest {
    /** The members that `fields=` asks for; undefined: all. */
    fields?: readonly string[];
  }
}

/** Names in a problem are cut to this, whatever was sent. */
const TOLD_CHARACTERS = 50;

function unknownField(details: readonly string[], available: readonly string[]): DomainError {
  return new DomainError(httpProblems['unknown-field'], `Name each field once, out of ${available.join(', ')}.`, {
    errors: details.map((detail) => ({ pointer: 'fields', detail })),
  });
}

/** The fields that a parameter names, each one known and named once. */
export function parseFields(given: string, available: readonly string[]): string[] {
  // One more than there are cannot be right, and is as far as a long list is read.
  const names = given.split(',', available.length + 1);
  const wrong = names.filter((name) => !available.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) < index && !wrong.includes(name));
  const details = [
    ...wrong.map((name) => `${JSON.stringify(name.slice(0, TOLD_CHARACTERS))} is not known`),
    ...twice.map((name) => `${JSON.stringify(name)} is named twice`),
  ];
  if (details.length > 0) throw unknownField([...new Set(details)], available);
  return names;
}

/**
 * Takes `fields` out of the query of routes that declare fields, before anybody looks at the rest: the schemas of the routes need not
 * know of it. Given more than once, it stays and is refused with what else is repeated.
 */
export function readFields(server: FastifyInstance): void {
  server.decorateRequest('fields', undefined);
  server.addHook('preValidation', (request, _reply, done) => {
    const available = request.routeOptions.config.rules?.fields;
    const query = request.query as Record<string, unknown>;
    if (!available || typeof query.fields !== 'string') return done();
    try {
      request.fields = parseFields(query.fields, available);
    } catch (error) {
      return done(error as DomainError);
    }
    delete query.fields;
    done();
  });
}

const pick = (whole: object, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => names.has(name)));

/**
 * What is left of a body when only some fields are wanted, and the headers that say so. Of a list they are the members of its entries,
 * of anything else those of the body.
 */
export function sparse(
  { fields, routeOptions }: FastifyRequest,
  body: object,
): { body: object; headers: Record<string, string> } {
  const available = routeOptions.config.rules?.fields;
  if (!available) return { body, headers: {} };
  const headers: Record<string, string> = { 'x-fields-available': available.join(', ') };
  if (!fields) return { body, headers };
  const names = new Set(fields);
  const entries = (body as { data?: unknown }).data;
  const isList = Array.isArray(entries);
  // A member that is only there when something is expanded is not said to be returned when it is not.
  headers['x-fields-returned'] = fields.filter((name) => isList || name in body).join(', ');
  const left = isList ? { ...body, data: (entries as object[]).map((entry) => pick(entry, names)) } : pick(body, names);
  return { body: left, headers };
}
