/**
 * HTTP: what every route goes through. *Rules* (who may call, declared beside the route; without them the boot fails), *caller*
 * (verified once for each token), *partition* (which callers share answers), *problem* (RFC 9457), *cursor* (opaque, authenticated).
 *
 * Invariants: a hit from memory never enters Nest; nothing that was thrown reaches a client but as a problem document; a command's
 * answer is the bytes that were committed with it.
 */
export * from './access-tokens';
export * as shapes from './answer-schemas';
export { fieldsOf, pageOf } from './answer-schemas';
export * from './answers';
export * from './api-key';
export * from './api-keys';
export * from './closing';
export * from './conditional';
export * from './cursors';
export * from './edge-context';
export * from './file-answer';
export * from './http.migrations';
export * from './http.problems';
export * from './idempotency-key';
export * from './kept-answer';
export * from './personal-answer';
export * from './problem.filter';
export * from './parameters';
export * from './problem-document';
export { bulkItem, memberName } from './prototype-keys';
export * from './rate-limit.guard';
export * from './rate-limits';
export * from './request-quotas';
export * from './request-state';
export * from './revocations';
export * from './revocations.migrations';
export * from './route';
export * from './route-permissions';
export * from './schema-conditions';
export * from './server';
export * from './sign-in-attempts';
export * from './sparse-answers';
export * from './token-buckets';
export * from './validation';
export * from './validators';
