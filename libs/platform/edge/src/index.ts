/**
 * The edge: cache headers of answers, and the purge pipeline. A *purge* is asked for in PostgreSQL by a reactor that trails the
 * projections, one row for each tag and provider, merged; drained by the worker after a short delay, as the provider's quota allows;
 * confirmed there, with a *receipt*.
 *
 * Invariants: a confirmation removes an ask only if nothing was asked since; an ask that waits is not postponed by later ones; an
 * answer whose tags do not fit the header is not kept; every purge is repeated after the origin's deadline; all workers together send
 * a provider no more than its quota.
 */
export * from './edge-headers';
export * from './edge-limits';
export * from './edge.migrations';
export * from './purging';
export * from './purging.migrations';
export * from './rollback';
export * from './tenant-partitions';
