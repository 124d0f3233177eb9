import type { EventType } from '@innkeep/contracts';
import type { Sql } from '@innkeep/platform/database';

/**
 * A read model: which events it takes, and the one set-based statement that folds a batch of them into its table. The batch is a
 * relation with the log's columns (bucket, organization_id, version, position, recorded_at, type, property_id, entity_id, data);
 * the events of one organization are in it in order, and a statement that sums or takes the last by version gives the same rows
 * whatever the cut. Nobody else writes the table.
 *
 * `recorded_data` is the payload as the log holds it, sealed and of the version it was written at; null where `data` is the same.
 *
 * Personal fields come opened, or as `erased`. A projection that takes an event with any takes `SubjectErased` too, and makes of its
 * rows what it would have made of them had they come as `erased` from the beginning.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly events: readonly EventType[];
  /** The table, with its schema. */
  readonly table: string;
  /** `table` is where to: the live table, or one that is built beside it. */
  fold(batch: Sql, table: Sql): Sql;
}

/** Declares a projection. */
export const defineProjection = (projection: Projection): Projection => projection;
