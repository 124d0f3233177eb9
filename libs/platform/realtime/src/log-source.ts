import { DomainError, eventCatalog, upcast, withhold } from '@innkeep/contracts';
import {
  type Directory,
  type OrganizationRoute,
  type Shards,
  asUnavailable,
  databaseProblems,
} from '@innkeep/platform/database';
import { type Entry, toEntry } from './entry';
import type { Head, LiveLog } from './sources';

interface LogRow {
  version: string;
  type: string;
  schema_version: number;
  property_id: string | null;
  entity_id: string | null;
  request_id: string | null;
  recorded_at: Date;
  data: object;
}

/** Reads the event log for those who listen, under row-level security, one organization at a time. */
export class LogSource implements LiveLog {
  constructor(
    private readonly directory: Directory,
    private readonly shards: Shards,
  ) {}

  async head(organizationId: number): Promise<Head> {
    const route = await this.routeOf(organizationId);
    const rows = await this.query<{ version: string }>(
      route,
      'select version from events.organization_heads where bucket = $1 and organization_id = $2',
      [route.bucket, organizationId],
    );
    return { ...route, version: Number(rows[0]?.version ?? 0) };
  }

  async ahead(known: readonly Head[]): Promise<ReadonlyMap<number, number>> {
    const found = new Map<number, number>();
    for (const { name, pool } of this.shards.all) {
      const here = known.filter(({ shard }) => shard === name);
      if (here.length === 0) continue;
      const { rows } = await pool.query<{ organization_id: string; version: string }>(
        'select organization_id, version from events.heads_ahead($1, $2, $3)',
        [
          here.map(({ bucket }) => bucket),
          here.map(({ organizationId }) => organizationId),
          here.map(({ version }) => version),
        ],
      );
      for (const { organization_id, version } of rows) found.set(Number(organization_id), Number(version));
    }
    return found;
  }

  async moved(known: readonly Head[]): Promise<ReadonlySet<number>> {
    const moved = await this.directory.movedBuckets(known);
    return new Set(known.filter(({ bucket }) => moved.has(bucket)).map(({ organizationId }) => organizationId));
  }

  async read(organizationId: number, after: number, upTo: number, limit: number): Promise<Entry[]> {
    const route = await this.routeOf(organizationId);
    const rows = await this.query<LogRow>(
      route,
      `select version, type, schema_version, property_id, entity_id, request_id, recorded_at, data from events.log
       where bucket = $1 and organization_id = $2 and version > $3 and version <= $4 order by version limit $5`,
      [route.bucket, organizationId, after, upTo, limit],
    );
    return rows.map((row) => toEntry(eventOf(row, route)));
  }

  private async routeOf(organizationId: number): Promise<OrganizationRoute> {
    const route = await this.directory.route(organizationId);
    if (route) return route;
    throw new DomainError(
      databaseProblems['organization-not-found'],
      'The directory knows no organization by this id.',
    );
  }

  private async query<Row>(route: OrganizationRoute, text: string, values: unknown[]): Promise<Row[]> {
    const client = await this.shards.get(route.shard).connect();
    let broken: Error | undefined;
    try {
      await client.query(
        `begin read only; select set_config('app.organization_id', '${Number(route.organizationId)}', true)`,
      );
      const { rows } = await client.query(text, values);
      await client.query('commit');
      return rows as Row[];
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      throw asUnavailable(error);
    } finally {
      client.release(broken);
    }
  }
}

/** A row as a reactor would see it: lifted to today's version, without what is personal. A type that nobody knows here is told to nobody. */
function eventOf(row: LogRow, { organizationId, bucket }: OrganizationRoute) {
  const eventType = eventCatalog.get(row.type);
  const shown = eventType?.personal ? withhold(row.data) : row.data;
  return {
    ...{ organizationId, bucket, position: 0, schemaVersion: row.schema_version, type: row.type },
    version: Number(row.version),
    recordedAt: row.recorded_at,
    propertyId: row.property_id === null ? undefined : Number(row.property_id),
    entityId: row.entity_id ?? undefined,
    requestId: row.request_id ?? undefined,
    data: eventType ? upcast(eventType, row.schema_version, shown) : {},
  };
}
