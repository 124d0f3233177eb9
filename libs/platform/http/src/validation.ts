import type { FieldError } from '@innkeep/contracts';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { invalidRequest, notFound } from './http.problems';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly code?: string;
  readonly keys?: readonly string[];
}

const escapePointer = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

function toFieldErrors({ message, path = [], code, keys }: Issue): FieldError[] {
  const pointer = path.map((step) => `/${escapePointer(typeof step === 'object' ? step.key : step)}`).join('');
  if (code === 'unrecognized_keys' && keys) {
    return keys.map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, detail: 'is unknown or read-only' }));
  }
  return [{ pointer, detail: message }];
}

/** All that is wrong with an input, as JSON pointers. */
export const fieldErrors = (issues: readonly Issue[]): FieldError[] => issues.flatMap(toFieldErrors);

/** The message of a path parameter that cannot be an id: then there is nothing there, as with an id that nobody has. */
const NOT_AN_ID = 'cannot be an id';

/** Checks bodies, queries and parameters against the schemas the routes declare; tells everything that is wrong at once. */
export const validationPipe = () =>
  new StandardSchemaValidationPipe({
    transform: true,
    exceptionFactory: (issues) =>
      issues.every(({ message }) => message === NOT_AN_ID)
        ? notFound('resource')
        : invalidRequest(fieldErrors(issues as readonly Issue[])),
  });

/** A numeric id in a path. */
export const idParameter = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, NOT_AN_ID)
  .transform(Number)
  .describe('Its id');

/** The id of something a client may create, in a path. */
export const uuidParameter = z.uuid(NOT_AN_ID).describe('Its id');
