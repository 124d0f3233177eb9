import type { Sql as PortSql } from '@innkeep/contracts';
import type { OrganizationRoute } from './directory';
import { type Sql, sql } from './sql';

/** What a read needs to know besides its statement. */
export interface ReadRequest {
  readonly organizationId: number;
  /** The state the caller must at least see; the read waits a little for it. */
  readonly minPosition?: number;
  /** The read models the statement looks at. None: the write model, which is never behind. */
  readonly projections?: readonly string[];
  /** The statement looks at the write model too, so any change of the organization may change the answer. */
  readonly readsState?: boolean;
  /** Tags of the answer; a purge that is still on its way for one of them shortens the answer's life at the edge. */
  readonly tags?: readonly string[];
  /**
   * The same question, put to the write model: asked instead while one of the read models stands still. Features that have to say
   * something to it are asked through the port, in the same snapshot. It may depend on nothing that the usual statement does not
   * depend on: by that one its answers are kept.
   */
  readonly direct?: (port: PortSql) => Sql | Promise<Sql>;
}

/** How the organization stood in the snapshot that the rows were read in. */
export interface Freshness {
  /** The organization's version that the rows show at least. */
  readonly position: number;
  /** The version at which the rows could have changed last: what a weak ETag is made of. */
  readonly changed: number;
  readonly isPurgePending: boolean;
  /** The bucket's epoch: positions of different epochs do not compare. */
  readonly epoch: number;
  /** When the rows were read. */
  readonly asOf: Date;
  /** Read from the write model, because a read model stands still. */
  readonly isDirect: boolean;
  /** How long the database was at it, with the wait for a connection and without that for a position, in milliseconds. */
  readonly dbMs: number;
}

/** Rows, and how old they are. */
export interface Snapshot<Row> extends Freshness {
  readonly rows: Row[];
}

/** What one look at the database finds, before it is known how often it has to look. */
export type Looked<Row> = Omit<Snapshot<Row>, 'dbMs'>;

/** A snapshot of read models, with what is wrong with them. */
export interface ModelSnapshot<Row> extends Looked<Row> {
  /** The read models that a new event of the organization would not reach now. */
  readonly standingStill: readonly string[];
  /** The organization's own version. */
  readonly head: number;
}

/** What the statement about freshness answers. */
export interface FreshnessRow {
  readonly applied: string;
  readonly changed: string;
  readonly is_purge_pending: boolean;
  readonly is_swapped: boolean;
  readonly standing_still: string[];
  readonly head: string | null;
}

/** Asks how an organization stands; to be sent behind the rows, in their snapshot. */
export const freshnessStatement = (
  { bucket, organizationId }: OrganizationRoute,
  { projections = [], tags = [], readsState = projections.length === 0 }: ReadRequest,
): Sql => {
  const ofModels =
    projections.length === 0
      ? sql`(select '{}'::text[] as names, null::bigint as head)`
      : sql`events.standing_still(${bucket}::smallint, ${organizationId}::bigint, ${projections}::text[])`;
  return sql`select applied, changed, is_purge_pending, events.is_swapped(${projections}::text[]) as is_swapped, still.names as standing_still,
      still.head
    from events.freshness(${bucket}::smallint, ${organizationId}::bigint, ${projections}::text[], ${tags}::text[], ${readsState}::boolean),
      ${ofModels} still`;
};

/** Rows with what the statement about freshness has said of them. */
export const toSnapshot = <Row>(
  rows: unknown[],
  age: FreshnessRow,
  { epoch }: OrganizationRoute,
  asOf: Date,
): ModelSnapshot<Row> => ({
  rows: rows as Row[],
  position: Number(age.applied),
  changed: Number(age.changed),
  isPurgePending: age.is_purge_pending,
  epoch,
  asOf,
  isDirect: false,
  standingStill: age.standing_still,
  head: Number(age.head ?? age.applied),
});
