import { type Directory, type OrganizationRoute, type Shards, type Sql, sql } from '@innkeep/platform/database';
import type { ExportedColumn, ExportedTable } from '@innkeep/platform/feature';
import type { PoolClient } from 'pg';

const PAGE = 1_000;

/** One organization's rows as of one moment. */
export interface OrganizationSnapshot {
  /** The organization's version that all rows show. */
  readonly position: number;
  readonly asOf: Date;
  /** The rows of a table in the order of its key, a page at a time, each as the text of a JSON object. */
  pagesOf(table: ExportedTable): AsyncGenerator<readonly string[]>;
  /** The rows of a statement at once. */
  read<Row>(statement: (route: OrganizationRoute) => Sql): Promise<Row[]>;
  /** The rows of a statement, a page at a time. One after the other: the cursor has a name. */
  stream<Row>(statement: (route: OrganizationRoute) => Sql): AsyncGenerator<readonly Row[]>;
  /** The organization's version that these read models show; with none of them its own. */
  appliedBy(projections: readonly string[]): Promise<number>;
}

/** The columns of a table as the export names them. */
export const columnsOf = ({ columns }: ExportedTable): { name: string; as: string }[] =>
  columns.map((column) => {
    const { name, as } = typeof column === 'string' ? ({ name: column, as: column } as ExportedColumn) : column;
    return { name: name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), as };
  });

/** Reads an organization in one snapshot, with row-level security set to it, however long that takes. */
export async function withSnapshot<Result>(
  { directory, shards }: { directory: Directory; shards: Shards },
  organizationId: number,
  read: (snapshot: OrganizationSnapshot) => Promise<Result>,
): Promise<Result> {
  const route = await directory.route(organizationId);
  if (!route) throw new Error(`the directory knows no organization ${organizationId}`);
  const client = await shards.get(route.shard).connect();
  let broken: Error | undefined;
  try {
    // Every statement sees what the first one saw: counts, sums and references fit together.
    await client.query('begin isolation level repeatable read read only');
    await client.query(`select set_config('app.organization_id', $1, true), set_config('TimeZone', 'UTC', true)`, [
      String(organizationId),
    ]);
    const { rows } = await client.query<{ version: string; as_of: Date }>(
      `select coalesce((select version from events.organization_heads where bucket = $1 and organization_id = $2), 0) as version,
         clock_timestamp() as as_of`,
      [route.bucket, organizationId],
    );
    const result = await read({
      position: Number(rows[0]!.version),
      asOf: rows[0]!.as_of,
      pagesOf: (table) => pages(client, route, table),
      read: (statement) => rowsOf(client, statement(route)),
      stream: (statement) => streamed(client, statement(route)),
      appliedBy: async (projections) => {
        const [found] = await rowsOf<{ applied: string }>(
          client,
          sql`select applied from events.freshness(${route.bucket}::smallint, ${route.organizationId}::bigint, ${projections}::text[], '{}', false)`,
        );
        return Number(found!.applied);
      },
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function rowsOf<Row>(client: PoolClient, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.compile();
  return (await client.query(text, values)).rows as Row[];
}

async function* streamed<Row>(client: PoolClient, statement: Sql): AsyncGenerator<readonly Row[]> {
  const { text, values } = statement.compile();
  await client.query(`declare streamed no scroll cursor for ${text}`, values);
  for (;;) {
    const { rows } = await client.query(`fetch ${PAGE} from streamed`);
    if (rows.length > 0) yield rows as Row[];
    if (rows.length < PAGE) break;
  }
  await client.query('close streamed');
}

async function* pages(
  client: PoolClient,
  { bucket, organizationId }: OrganizationRoute,
  table: ExportedTable,
): AsyncGenerator<readonly string[]> {
  const { text, next } = pageStatement(table);
  let after: readonly string[] | undefined;
  for (;;) {
    const { rows } = await client.query<{ line: string; key: string[] }>(after ? next : text, [
      bucket,
      organizationId,
      ...(after ?? []),
    ]);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.key;
  }
}

/** The statements for the first page and for those behind it. Names come from the manifests, never from a request. */
function pageStatement(table: ExportedTable): { text: string; next: string } {
  const members = columnsOf(table).map(({ name, as }) => `'${name}', ${as}`);
  const key = table.key.join(', ');
  const begin = `select json_build_object(${members.join(', ')})::text as line, array[${table.key.map((column) => `${column}::text`).join(', ')}] as key
    from ${table.table} where bucket = $1 and organization_id = $2`;
  const end = `order by bucket, organization_id, ${key} limit ${PAGE}`;
  const last = table.key.map((_, index) => `$${index + 3}`).join(', ');
  return { text: `${begin} ${end}`, next: `${begin} and (${key}) > (${last}) ${end}` };
}
