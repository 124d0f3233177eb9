import { randomUUID } from 'node:crypto';
import type { Sent } from './client';
import { type Operation, fits, spelled } from './api-document';
import type { Mutation } from './mutations';
import { type Draft, FRESH_KEY } from './requests';
import { isPlaceholder } from './values';
import type { Actor, Organization } from './world';

/** A request ready to be sent, with what is known about it beforehand. */
export interface Prepared {
  readonly operation: Operation;
  readonly actor: Actor;
  readonly sent: Sent;
  readonly mutation?: Mutation;
  /** Whether path, query, headers and body are what the document describes. */
  readonly isAsDocumented: boolean;
  /** What of it is not; empty if all is. */
  readonly wrong: readonly string[];
}

/** Where ids come from: the asker's own organization, and the neighbour's. */
export interface Ids {
  readonly own: Organization;
  readonly neighbour: Organization;
}

/** What the neighbour keeps to itself: who has one of these is let in, or may do something to it. */
const KEPT = new Set(['tokens', 'emails', 'organizations']);

/** The value with ids in the place of placeholders; `undefined` where there is none yet. */
function filled(value: unknown, ids: Ids): unknown {
  if (isPlaceholder(value)) {
    const from = value.isNeighbours && !KEPT.has(value.$id) ? ids.neighbour : ids.own;
    const known = from.known[value.$id];
    return known.length > 0 ? known[value.index % known.length] : undefined;
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, ids)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, ids)]));
}

/** A copy with one member changed, wherever it is: the counting goes through the whole body. */
function changedAt(body: unknown, at: number, change: (holder: Record<string, unknown>, key: string) => void): unknown {
  const copy = structuredClone(body);
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place) change(...place);
  return copy;
}

function mutatedBody(body: unknown, mutation: Mutation | undefined): unknown {
  if (mutation?.kind === 'body')
    return mutation.at === 0
      ? mutation.value
      : changedAt(body, mutation.at - 1, (holder, key) => void (holder[key] = mutation.value));
  if (mutation?.kind === 'member dropped')
    return changedAt(body, mutation.at, (holder, key) => void delete holder[key]);
  if (mutation?.kind === 'member added' && typeof body === 'object' && body !== null && !Array.isArray(body))
    // As a member of its own even where it is called `__proto__`.
    return Object.fromEntries([...Object.entries(body), [mutation.name, mutation.value]]);
  return body;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '\ufffd';
  }
};

/** What is wrong with parameters as they are spelled. */
function wrongParameters(
  { parameters }: Operation,
  place: 'path' | 'query',
  given: readonly (readonly [string, string])[],
) {
  const known = new Map(parameters.filter((one) => one.in === place).map((one) => [one.name, one] as const));
  const names = given.map(([name]) => name);
  const wrong = given.flatMap(([name, text]) => {
    const parameter = known.get(name);
    if (!parameter) return [`${place} has an unknown ${name}`];
    return fits(parameter.schema, spelled(parameter.schema, decoded(text))) ? [] : [`${place} ${name}`];
  });
  const missing = [...known.values()].filter(({ name, required }) => required && !names.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...wrong,
    ...missing.map(({ name }) => `${place} lacks ${name}`),
    ...twice.map((name) => `${place} has ${name} twice`),
  ];
}

/** Puts a made-up request together, as it goes out. */
export function prepare(
  operation: Operation,
  draft: Draft,
  ids: Ids,
  tokenOf: (actor: Actor) => string | undefined,
): Prepared {
  const { mutation, actor } = draft;
  const wrong: string[] = [];
  const pathValues = Object.entries(filled(draft.path, ids) as object).map(([name, value], index) => {
    const isMutated = mutation?.kind === 'path' && index === 0;
    return [name, isMutated ? mutation.value : encodeURIComponent(String(value ?? 'none').toWellFormed())] as const;
  });
  let path = operation.template;
  for (const [name, value] of pathValues) path = path.replace(`{${name}}`, () => value);
  wrong.push(...wrongParameters(operation, 'path', pathValues));

  const query = Object.entries(filled(draft.query, ids) as object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, encodeURIComponent(String(value).toWellFormed())] as const);
  if (mutation?.kind === 'query') query.push([mutation.name, mutation.value]);
  if (mutation?.kind === 'query twice' && query[0]) query.push(query[0]);
  wrong.push(...wrongParameters(operation, 'query', query));
  if (query.length > 0) path += `?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;

  const headers: Record<string, string> = { ...draft.headers };
  if (headers['idempotency-key'] === FRESH_KEY) headers['idempotency-key'] = `fuzz-${randomUUID()}`;
  if (mutation?.kind === 'header') headers[mutation.name] = mutation.value;
  if (mutation?.kind === 'header dropped') delete headers['idempotency-key'];
  const required = operation.parameters.filter((one) => one.in === 'header' && one.required);
  for (const { name } of required) if (!headers[name.toLowerCase()]) wrong.push(`header ${name}`);
  const token = tokenOf(actor);
  if (token) headers.authorization = `Bearer ${token}`;

  const body = bodyOf(operation, draft, ids, headers, wrong);
  const method = mutation?.kind === 'method' ? mutation.method : operation.method;
  const hasBody = body !== undefined && method !== 'GET';
  if (!hasBody) delete headers['content-type'];
  const sent = { method, path, headers, body: hasBody ? body : undefined };
  return {
    operation,
    actor,
    sent,
    mutation,
    wrong,
    isAsDocumented: wrong.length === 0 && isHarmless(mutation, operation),
  };
}

function bodyOf(operation: Operation, draft: Draft, ids: Ids, headers: Record<string, string>, wrong: string[]) {
  if (!operation.body) return undefined;
  const { mutation } = draft;
  headers['content-type'] = mutation?.kind === 'type' ? mutation.type : 'application/json';
  if (mutation?.kind === 'type') wrong.push('the type of the body');
  if (mutation?.kind === 'bytes') {
    wrong.push('the bytes of the body');
    return Buffer.from(mutation.bytes, 'latin1');
  }
  const text = JSON.stringify(mutatedBody(filled(draft.body, ids), mutation)) ?? '';
  // As it arrives: what JSON cannot say is gone, numbers are spelled.
  if (text === '' || !fits(operation.body, JSON.parse(text))) wrong.push('body');
  return Buffer.from(text);
}

/** Whether the document says nothing against what was changed. */
const isHarmless = (mutation: Mutation | undefined, { method }: Operation): boolean =>
  mutation?.kind !== 'header' &&
  mutation?.kind !== 'header dropped' &&
  (mutation?.kind !== 'method' || mutation.method === method);
