import type { EventType, RecordedEvent } from '@innkeep/contracts';
import type fc from 'fast-check';
import { Client } from 'pg';
import { type TestDatabase, createTestDatabase } from './test-database';

/** What happened, before the log has given it a place. */
export interface Happening {
  readonly organization: number;
  readonly type: EventType;
  readonly data: { readonly propertyId: number };
  readonly actorId?: number;
}

/** A batch: how many events it takes at most, and whether it is rolled back once before it is folded for good. */
export interface Cut {
  readonly size: number;
  readonly isRepeated: boolean;
}

/**
 * Puts together the statement that folds the session's table `batch` into a projection, as the platform does: the platform's own tests
 * use this library, so this library cannot use the platform.
 */
export type FoldMaker<Projection> = (
  client: Client,
  projection: Projection,
) => Promise<{ compile(): { text: string; values: unknown[] } }>;

/** Two organizations share a bucket, the third has another. */
const buckets = [3, 3, 700];

/** What a random log is made with. fast-check is handed in: the many tests that do without it need not wait for it. */
export const logArbitraries = (check: typeof fc) => ({
  organizationIndex: check.nat(buckets.length - 1),
  cuts: check.array(check.record({ size: check.integer({ min: 1, max: 12 }), isRepeated: check.boolean() }), {
    minLength: 1,
  }),
});

/** The happenings as the log holds them: positions by bucket, versions by organization, both without gaps. */
export function logOf(happenings: readonly Happening[]): RecordedEvent[] {
  const next = new Map<string, number>();
  const count = (name: string) => next.set(name, (next.get(name) ?? 0) + 1).get(name)!;
  return happenings.map(({ organization, type, data, actorId }, index) => ({
    bucket: buckets[organization]!,
    organizationId: 5_000_000 + organization,
    position: count(`bucket ${buckets[organization]}`),
    version: count(`organization ${organization}`),
    recordedAt: new Date(Date.UTC(2026, 2, 1) + index * 1_000),
    type: type.type,
    schemaVersion: type.version,
    actorId,
    propertyId: data.propertyId,
    data,
  }));
}

/** Folds batches into a projection's table as the projector does, and shows the rows. */
export class ProjectionsUnderTest<Projection extends { readonly table: string }> {
  private constructor(
    readonly database: TestDatabase,
    private readonly client: Client,
    private readonly foldOf: FoldMaker<Projection>,
  ) {}

  static async open<Projection extends { readonly table: string }>(
    foldOf: FoldMaker<Projection>,
  ): Promise<ProjectionsUnderTest<Projection>> {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.urlFor('projector') });
    await client.connect();
    await client.query(
      'create temporary table batch (like events.log) on commit delete rows; alter table batch add recorded_data jsonb',
    );
    return new ProjectionsUnderTest(database, client, foldOf);
  }

  /** The rows of the table after the whole log was folded in these cuts, over and over. */
  async rowsAfter(projection: Projection, log: readonly RecordedEvent[], cuts: readonly Cut[]): Promise<object[]> {
    // What a fold that failed has left behind must not hide its error from the one who looks for a smaller example.
    await this.client.query('rollback');
    await this.client.query(`delete from ${projection.table}`);
    for (let start = 0, batch = 0; start < log.length; batch++) {
      const { size, isRepeated } = cuts[batch % cuts.length]!;
      const events = log.slice(start, start + size);
      if (isRepeated) await this.fold(projection, events, 'rollback');
      await this.fold(projection, events, 'commit');
      start += size;
    }
    const { rows } = await this.client.query<{ row: object }>(`select to_jsonb(t) as row from ${projection.table} t`);
    return rows.map(({ row }) => row);
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.database.drop();
  }

  private async fold(projection: Projection, events: readonly RecordedEvent[], end: string): Promise<void> {
    const rows = events.map((event) => ({
      ...event,
      organization_id: event.organizationId,
      recorded_at: event.recordedAt,
      schema_version: event.schemaVersion,
      actor_id: event.actorId,
      property_id: event.propertyId,
      entity_id: event.entityId,
      request_id: event.requestId,
    }));
    await this.client.query('begin');
    await this.client.query('insert into batch select * from jsonb_populate_recordset(null::batch, $1::jsonb)', [
      JSON.stringify(rows),
    ]);
    const { text, values } = (await this.foldOf(this.client, projection)).compile();
    await this.client.query(text, values);
    await this.client.query(end);
  }
}

/** Rows in an order of their own, to be compared. */
export const sorted = (rows: readonly object[]): object[] =>
  rows
    .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
