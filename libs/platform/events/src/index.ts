/**
 * The event log's readers. *Projection*: events to the rows of one table, folded in batches, checkpoint in the same transaction.
 * *Reactor*: events to one effect outside, behind the projections it trails, at least once. *Track*: what shares a checkpoint. *Ownership*:
 * which instance looks after which buckets. *Parked*: an organization that one projection could not take an event of.
 * *Archive*: months of the log that are in files and not in the database any more.
 *
 * Invariants: positions of a bucket are 1, 2, 3 ... in commit order; a batch is a prefix of every bucket in it; a checkpoint moves
 * only forward, only in the transaction of its rows, and only from where it was read.
 */
export { ArchiveFileError, checkArchive, readArchive } from './archive-file';
export { createBatchTable } from './batch';
export * from './commit-hints';
export * from './event-archive';
export * from './events.migrations';
export * from './missing-events-error';
export * from './ownership';
export * from './parked-organizations';
export * from './projection';
export { type Difference, type Progress, ProjectionOperations } from './projection-operations';
export { FencedError } from './fenced-error';
export { LIVE_TRACK, foldNextBatch, foldOrPark } from './projection-runner';
export * from './projection-status';
export * from './projector';
export * from './reactor';
export { type Registration, checkTrails, registerTracks } from './registration';
