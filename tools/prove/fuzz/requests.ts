import * as fc from 'fast-check';
import type { Operation } from './api-document';
import { type Mutation, mutationsOf } from './mutations';
import { valueOf } from './values';
import { type Actor } from './world';

/** A request as it was made up: printable, and with ids still to be filled in. */
export interface Draft {
  readonly actor: Actor;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly mutation?: Mutation;
}

/** Who asks for what needs a member's token: mostly those who may. */
const members: readonly { weight: number; arbitrary: fc.Arbitrary<Actor> }[] = (
  [
    [8, 'owner'],
    [3, 'manager'],
    [2, 'staff'],
    [1, 'auditor'],
    [2, 'limited'],
    [1, 'key'],
    [1, 'operator'],
    [1, 'nobody'],
    [1, 'forger'],
  ] as const
).map(([weight, actor]) => ({ weight, arbitrary: fc.constant<Actor>(actor) }));
const operators = [
  { weight: 6, arbitrary: fc.constant<Actor>('operator') },
  { weight: 1, arbitrary: fc.constantFrom<Actor>('owner', 'nobody', 'forger') },
];

const actorFor = ({ token }: Operation): fc.Arbitrary<Actor> => {
  if (!token) return fc.constant('nobody');
  return fc.oneof(...(token === 'operatorToken' ? operators : members));
};

const parameters = (operation: Operation, place: 'path' | 'query' | 'header') => {
  const given = operation.parameters.filter((parameter) => parameter.in === place);
  const values = given.map(({ name, schema }) => [name, valueOf(schema, name, operation.template)] as const);
  const requiredKeys = given.filter(({ required }) => required || place === 'path').map(({ name }) => name);
  return fc.record(Object.fromEntries(values), { requiredKeys });
};

const optionalHeaders = fc.record(
  {
    'accept-encoding': fc.constantFrom('identity', 'gzip', 'br, gzip;q=0.5', '*'),
    'if-none-match': fc.constantFrom('*', '"1"', 'W/"abc"', 'junk'),
    'x-request-id': fc.constantFrom('fuzz-request-1', 'no', 'x'.repeat(80)),
    'innkeep-min-position': fc.constantFrom('0', '1'),
  },
  { requiredKeys: [] },
);

/** Stands for an idempotency key that no other request has. */
export const FRESH_KEY = 'fresh';

/** An idempotency key for each request, now and then one that others use too. */
const key = fc.oneof(
  { weight: 9, arbitrary: fc.constant(FRESH_KEY) },
  { weight: 1, arbitrary: fc.constantFrom('shared-1', 'shared-2') },
);

/** Requests for an operation: half of them as the document describes them, half with something changed. */
export function requestsFor(operation: Operation): fc.Arbitrary<Draft> {
  const body = operation.body ? valueOf(operation.body, '', operation.template) : fc.constant(undefined);
  const takesKey = ['POST', 'PATCH', 'PUT', 'DELETE'].includes(operation.method);
  return fc
    .record({
      actor: actorFor(operation),
      path: parameters(operation, 'path'),
      query: parameters(operation, 'query'),
      headers: optionalHeaders,
      key,
      body,
      mutation: fc.option(mutationsOf(operation), { freq: 2, nil: undefined }),
    })
    .map(({ key: idempotencyKey, headers, ...draft }) => ({
      ...draft,
      headers: takesKey ? { ...headers, 'idempotency-key': idempotencyKey } : headers,
    }));
}
