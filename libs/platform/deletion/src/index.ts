/**
 * Deletion: what is left of an organization goes, table by table, a few rows at a time. *Ask* (an organization whose deletion has
 * begun: it can be resumed and not undone), *tombstone* (that there was one, and nothing else).
 *
 * Invariants: no row goes without an ask; the log of a bucket stays without gaps, because events become tombstones in their places; the
 * ask goes last, so that whoever is killed is followed by somebody who goes on.
 */
export * from './delete-organization';
export * from './deletion-asks';
export * from './deletion.migrations';
