/**
 * The database: *directory* (organization → bucket → shard), *shard* (one PostgreSQL cluster that holds whole buckets), *unit of
 * work* (one command, one transaction, events written by its last statement), *reader* (one SELECT and its age in one snapshot).
 *
 * Invariants: every statement on tenant data runs with the organization set for row-level security, transaction-local; positions
 * are taken only by the last statement; an organization that the directory does not know is refused, never routed by default.
 */
export * from './directory';
export * from './directory.migrations';
export * from './idempotency';
export * from './last-change';
export * from './migrations';
export { OrganizationTransaction } from './organization-transaction';
export { eachRow, runSql, sendTogether } from './connections';
export * from './reader';
export * from './role-urls';
export * from './shards';
export type { Freshness, ReadRequest, Snapshot } from './snapshot';
export * from './sql';
export * from './unavailable';
export * from './unit-of-work';
export { untilAnswering } from './until-answering';
