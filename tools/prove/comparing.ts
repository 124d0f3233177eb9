import { features } from '@innkeep/assembly';
import type { RecordedEvent } from '@innkeep/contracts';
import { type LoggedEvent, MemoryFold } from './memory-fold';
import type { ProofDatabase } from './proof-database';

type Row = Record<string, unknown>;

/** All read models of the product. */
export const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);

const instants = ['occurred_at', 'recorded_at'];

/** A row in one spelling: columns in one order, instants as JavaScript writes them. */
function spelled(row: Row): string {
  const entries = Object.entries(row).map(([column, value]) => [
    column,
    instants.includes(column) ? new Date(value as string).toISOString() : value,
  ]);
  return JSON.stringify(entries.sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

type Admin = Pick<ProofDatabase, 'asAdmin'>;

const ofThese = 'where $1::bigint[] is null or organization_id = any ($1)';

/** The log of these organizations, or of all. */
export async function readLog({ asAdmin }: Admin, organizations?: readonly number[]): Promise<LoggedEvent[]> {
  const rows = await asAdmin<{ event: LoggedEvent }>(
    `select jsonb_build_object('bucket', bucket, 'organization_id', organization_id, 'version', version, 'type', type, 'actor_id', actor_id, 'property_id', property_id,
       'recorded_at', recorded_at, 'data', data) as event
     from events.log ${ofThese} order by organization_id, version`,
    [organizations],
  );
  return rows.map(({ event }) => event);
}

/** The same event as reactors see it, as far as they look at it. */
export const recordedEvent = (event: LoggedEvent): RecordedEvent =>
  ({
    bucket: event.bucket,
    organizationId: event.organization_id,
    propertyId: event.property_id,
    recordedAt: new Date(event.recorded_at),
    type: event.type,
    data: event.data,
  }) as RecordedEvent;

/** How many rows of each table are not what a fold of the log in memory says; an example of the first that differ. */
export async function compareWithMemory(
  database: Admin,
  memory: MemoryFold,
  organizations?: readonly number[],
): Promise<Record<string, string[]>> {
  const differing: Record<string, string[]> = {};
  for (const table of Object.keys(memory.tables)) {
    const found = await database.asAdmin<{ row: Row }>(`select to_jsonb(t) as row from ${table} t ${ofThese}`, [
      organizations,
    ]);
    const [stored, expected] = [found.map(({ row }) => row), memory.rows(table)].map((rows) =>
      rows.map(spelled).sort(),
    );
    const has = new Set(stored);
    const should = new Set(expected);
    const wrong = [
      ...stored!.filter((row) => !should.has(row)).map((row) => `has ${row}`),
      ...expected!.filter((row) => !has.has(row)).map((row) => `lacks ${row}`),
    ];
    if (wrong.length > 0 || stored!.length !== expected!.length) differing[table] = wrong;
  }
  return differing;
}

/** Read models that `MemoryFold` does not know: they are compared with a second fold of their own SQL only. */
export const unknownToMemory = (): string[] => {
  const { tables } = new MemoryFold([]);
  return projections.filter(({ table }) => !(table in tables)).map(({ name }) => name);
};
