import type { EventType } from '@innkeep/contracts';
import { type Sql, eachRow, joinSql, rawSql, sql } from '@innkeep/platform/database';
import type { ClientBase } from 'pg';

/** What is worked out of an event: a value for each column. */
type Derived = Readonly<Record<string, Buffer | string | null>>;

/** What is worked out of the events of a batch in this process, because SQL would take longer for it than for all else. */
export interface Derivation<Row = never> {
  /** The columns that the batch has more of then, and their types. */
  readonly columns: Readonly<Record<string, 'bytea' | 'text'>>;
  /** What is needed of each event of a batch, in the order in which it is needed; each row has its `bucket` and `position` too. */
  read(batch: Sql, table: Sql): Sql;
  /** Begins a batch: answers what works out the columns of one row after the other. The same rows give the same values, always. */
  derive(): (row: Row) => Derived;
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
  /** Adds columns to the batch. */
  readonly derivation?: Derivation;
  /** `table` is where to: the live table, or one that is built beside it. */
  fold(batch: Sql, table: Sql): Sql;
}

/** Declares a projection. */
export const defineProjection = (projection: Projection): Projection => projection;

/** The batch with what was worked out of its events. */
async function withDerived(
  client: Pick<ClientBase, 'query'>,
  { columns, read, derive }: Derivation,
  batch: Sql,
  table: Sql,
): Promise<Sql> {
  const [buckets, positions]: [number[], string[]] = [[], []];
  const derived = Object.keys(columns).map((name) => ({ name, values: [] as Derived[string][] }));
  const next = derive() as (row: object) => Derived;
  await eachRow<{ bucket: number; position: string }>(client, read(batch, table).compile(), (row) => {
    const values = next(row);
    buckets.push(row.bucket);
    positions.push(row.position);
    for (const column of derived) column.values.push(values[column.name]!);
  });
  const arrays = joinSql(
    derived.map(({ name, values }) => sql`${values}::${rawSql(columns[name]!)}[]`),
    ', ',
  );
  const names = rawSql(derived.map(({ name }) => name).join(', '));
  return sql`(
    select e.*, ${rawSql(derived.map(({ name }) => `d.${name}`).join(', '))} from ${batch} e
    join unnest(${buckets}::smallint[], ${positions}::bigint[], ${arrays})
      as d(bucket, position, ${names}) on d.bucket = e.bucket and d.position = e.position)`;
}

/** The statement that folds a batch into a projection's own table, with all that it needs of the batch. */
export async function foldOf(
  client: Pick<ClientBase, 'query'>,
  { derivation, fold, table }: Pick<Projection, 'derivation' | 'fold' | 'table'>,
  batch: Sql = rawSql('batch'),
): Promise<Sql> {
  const into = rawSql(table);
  return fold(derivation ? await withDerived(client, derivation, batch, into) : batch, into);
}
