import { PropertyCreated, PropertyUpdated } from '@innkeep/contracts';
import { joinSql, rawSql, sql } from '@innkeep/platform/database';
import { type Projection, defineProjection } from '@innkeep/platform/events';

/** What a feature keeps of properties. */
export interface PropertyFactsKept {
  readonly name: string;
  /** The feature's own table, with one row for each property by `property_id`. */
  readonly table: string;
  /** The columns, and where in the payload `data` of an event about the property each is found: SQL. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Keeps what the last event about each property says of it: a feature reads no table of another, so each has what it needs itself. */
export function projectProperties({ name, table: kept, columns }: PropertyFactsKept): Projection {
  const list = (texts: readonly string[]) => joinSql(texts.map(rawSql), ', ');
  const names = Object.keys(columns);
  const [into, values] = [list(names), list(Object.values(columns))];
  const excluded = list(names.map((column) => `${column} = excluded.${column}`));
  return defineProjection({
    name,
    version: 1,
    events: [PropertyCreated, PropertyUpdated],
    table: kept,
    fold: (batch, table) => sql`
      insert into ${table} (bucket, organization_id, property_id, ${into})
      select distinct on (bucket, organization_id, property_id) bucket, organization_id, property_id, ${values}
      from ${batch} e where type in ('PropertyCreated', 'PropertyUpdated')
      order by bucket, organization_id, property_id, version desc
      on conflict (bucket, organization_id, property_id) do update set ${excluded}`,
  });
}
