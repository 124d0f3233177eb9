import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';

/** What any route can refuse, whatever it does. */
export const httpProblems = defineProblems({
  'malformed-json': [400, 'The body is not valid JSON'],
  'invalid-utf8': [400, 'The body is not UTF-8'],
  'json-too-deep': [400, 'The body is nested too deeply'],
  'too-many-keys': [400, 'The body holds too many keys or items'],
  'duplicate-key': [400, 'The body gives a key twice'],
  'invalid-request': [400, 'The request does not fit the schema'],
  'invalid-character': [400, 'The request contains a character that cannot be stored'],
  'invalid-cursor': [400, 'The cursor does not belong to this list'],
  'unknown-field': [400, 'There is no such field'],
  'idempotency-key-required': [400, 'This request needs an Idempotency-Key'],
  'idempotency-key-invalid': [400, 'The Idempotency-Key is not valid'],
  'authentication-required': [401, 'Sign in first'],
  'token-expired': [401, 'The access token has expired'],
  'token-invalid': [401, 'The access token is not valid'],
  forbidden: [403, 'You may not do this'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This method is not offered here'],
  'request-timeout': [408, 'The request took too long to arrive'],
  gone: [410, 'This is not offered any more'],
  'precondition-failed': [412, 'It has changed since you read it'],
  'property-unknown': [422, 'The property does not exist or is not yours to see'],
  'invalid-range': [422, 'The range ends before it begins'],
  'range-too-long': [422, 'The range of days is too long'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body has a media type that is not understood'],
  'range-not-satisfiable': [416, 'The file has no such part'],
  'rate-limit-exceeded': [429, 'Too many requests'],
  'too-many-attempts': [429, 'Too many attempts have failed'],
  'headers-too-large': [431, 'The headers are too large'],
  'internal-error': [500, 'Something went wrong on our side'],
});

export const invalidRequest = (
  errors: readonly FieldError[],
  detail = 'Mend the fields named in errors and send the request again.',
) => new DomainError(httpProblems['invalid-request'], detail, { errors });

/** Absent, or another organization's: the answer is the same, so that ids cannot be probed. */
export const notFound = (what: string) =>
  new DomainError(httpProblems['not-found'], `There is no ${what} by this id that you can see.`);

export const forbidden = (detail: string) => new DomainError(httpProblems.forbidden, detail);
