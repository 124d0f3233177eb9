import type { EventType } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import type { ClientBase } from 'pg';

/** Where an event stands in the log. */
export interface LogPlace {
  readonly bucket: number;
  readonly position: string;
}

/** What is worked out of each event in this process, because SQL would take longer for it than for all else. */
export interface Derivation<Row = never> {
  /** What is needed of each event of a batch; to be complete, each row has its `bucket` and `position` too. */
  read(batch: Sql): Sql;
  /** Works it out of such a row. The same row gives the same bytes, always. */
  derive(row: Row): Buffer;
}

/** Declares a derivation. */
export const defineDerivation = <Row>(derivation: Derivation<Row>): Derivation => derivation as Derivation;

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
  /** With it, the batch has a column more, `derived`. */
  readonly derivation?: Derivation;
  /** `table` is where to: the live table, or one that is built beside it. */
  fold(batch: Sql, table: Sql): Sql;
}

/** Declares a projection. */
export const defineProjection = (projection: Projection): Projection => projection;

const query = async <Row>(client: Pick<ClientBase, 'query'>, statement: Sql): Promise<Row[]> => {
  const { text, values } = statement.compile();
  return (await client.query(text, values)).rows as Row[];
};

/** The batch with what was worked out of its events. */
async function withDerived(client: Pick<ClientBase, 'query'>, derivation: Derivation, batch: Sql): Promise<Sql> {
  const rows = await query<LogPlace>(client, derivation.read(batch));
  const derived = rows.map((row) => derivation.derive(row as never));
  return sql`(
    select e.*, d.derived from ${batch} e
    join unnest(${rows.map(({ bucket }) => bucket)}::smallint[], ${rows.map(({ position }) => position)}::bigint[], ${derived}::bytea[])
      as d(bucket, position, derived) on d.bucket = e.bucket and d.position = e.position)`;
}

/** The statement that folds a batch into a projection's own table, with all that it needs of the batch. */
export async function foldOf(
  client: Pick<ClientBase, 'query'>,
  { derivation, fold, table }: Pick<Projection, 'derivation' | 'fold' | 'table'>,
  batch: Sql = rawSql('batch'),
): Promise<Sql> {
  return fold(derivation ? await withDerived(client, derivation, batch) : batch, rawSql(table));
}
