import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { PropertyUpdated, type RecordedEvent, TransactionRecorded, UserChanged } from '@innkeep/contracts';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { ProjectionsUnderTest, logArbitraries, logOf, sorted } from '@innkeep/testing';
import * as fc from 'fast-check';
import { Pool } from 'pg';
import { entries } from './entries/entries.projection';
import { ChainVerification } from './verify-chain/verify-chain.query';

interface Entry {
  readonly organization_id: number;
  readonly version: number;
  readonly hash: string;
  readonly entity_type: string | null;
}

/** RFC 8785, once more: members by their UTF-16 units, everything else as ECMAScript writes it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

const sha256 = (...parts: (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The chain of each organization, computed without the database. */
function chainsOf(log: readonly RecordedEvent[]): string[] {
  const heads = new Map<number, Buffer>();
  return log.map((event) => {
    const { organizationId, version, type, schemaVersion, data, recordedAt } = event;
    const said = {
      ...{
        organizationId,
        version,
        type,
        schemaVersion,
        data,
        recordedAt: recordedAt.toISOString().replace('Z', '000Z'),
      },
      ...{ propertyId: event.propertyId ?? null, entityId: event.entityId ?? null },
      ...{ actorId: event.actorId ?? null, requestId: event.requestId ?? null },
    };
    const hash = sha256(heads.get(organizationId) ?? Buffer.alloc(32), sha256(canonical(said)));
    heads.set(organizationId, hash);
    return `${organizationId} ${version} \\x${hash.toString('hex')}`;
  });
}

const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', ''));
const { organizationIndex, cuts } = logArbitraries(fc);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const happening = fc.record({
  organization: organizationIndex,
  type: fc.constantFrom(TransactionRecorded, PropertyUpdated, UserChanged),
  actorId: fc.option(fc.nat(), { nil: undefined }),
  data: fc.record({ propertyId: fc.integer({ min: 1, max: 3 }), what: anything, note: text }),
});

describe('the audit log', () => {
  let log: ProjectionsUnderTest<Projection>;
  let pool: Pool;
  beforeAll(async () => {
    log = await ProjectionsUnderTest.open(foldOf);
    pool = new Pool({ connectionString: log.database.urlFor('projector'), max: 1 });
  });
  afterAll(async () => {
    await pool.end();
    await log.close();
  });

  const fold = async (events: readonly RecordedEvent[], sizes = [{ size: 7, isRepeated: true }]) =>
    (await log.rowsAfter(entries, events, sizes)) as Entry[];
  const chainIn = (rows: readonly Entry[]) => rows.map((row) => `${row.organization_id} ${row.version} ${row.hash}`);

  it('has the chain that is computed without it, whatever the payloads and wherever batches are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), cuts, async (happenings, sizes) => {
        const events = logOf(happenings);
        expect(chainIn(await fold(events, sizes)).sort()).toEqual(chainsOf(events).sort());
      }),
      { numRuns: 25 },
    );
  });

  const acts = Array.from({ length: 24 }, (_, n) => ({
    organization: n % 3,
    type: TransactionRecorded,
    data: { propertyId: 1, transactionId: `t${n}`, amountCents: n },
  }));
  const story = logOf(acts).map((event) => ({
    ...event,
    recordedAt: new Date(),
    entityId: `t${event.data && (event.data as { amountCents: number }).amountCents}`,
  }));

  /** The story in the log too, with what the platform notes of it. */
  const begin = async () => {
    await log.database.asAdmin(
      'delete from events.log; delete from events.organization_heads; delete from events.projections',
    );
    await log.database.asAdmin(
      `insert into events.log (bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, data)
       select bucket, position, "organizationId", version, "recordedAt", type, "schemaVersion", "propertyId", "entityId", data
       from jsonb_to_recordset($1) as e(bucket smallint, position bigint, "organizationId" bigint, version bigint, "recordedAt" timestamptz, type text,
         "schemaVersion" smallint, "propertyId" bigint, "entityId" text, data jsonb)`,
      [JSON.stringify(story)],
    );
    await log.database.asAdmin(
      `insert into events.organization_heads select bucket, organization_id, max(version), max(position) from events.log group by 1, 2;
       insert into events.projections (name, version, table_name, track) values ('audit_entries', 1, 'audit.entries', 'live');
       delete from events.checkpoints; insert into events.checkpoints (bucket, track, position) select bucket, 'live', max(position) from events.log group by 1`,
    );
    return fold(story);
  };
  const verify = (organizationId?: number) => new ChainVerification(pool).verify(organizationId);
  const first = 5_000_000;

  it('says what kind of thing an event is about, and agrees with itself and with the log', async () => {
    const rows = await begin();
    expect(new Set(rows.map((row) => row.entity_type))).toEqual(new Set(['transaction']));
    expect(await verify()).toEqual({ organizations: 3, entries: 24, notCompared: 0, waiting: 0, breaks: [] });
    expect(await verify(first)).toMatchObject({ organizations: 1, entries: 8, breaks: [] });
    const again = await fold(story, [{ size: 2, isRepeated: false }]);
    expect(sorted(again)).toEqual(sorted(rows));
  });

  it.each([
    [
      'a byte of an entry',
      `update audit.entries set data = jsonb_set(data, '{amountCents}', '12') where version = 3 and organization_id = ${first}`,
      'entry-altered',
      3,
    ],
    [
      'who did it',
      `update audit.entries set actor_id = 7 where version = 2 and organization_id = ${first}`,
      'entry-altered',
      2,
    ],
    [
      'a byte of an event',
      `update events.log set data = jsonb_set(data, '{transactionId}', '"t8"') where version = 4 and organization_id = ${first}`,
      'event-altered',
      4,
    ],
    [
      'an entry that is gone',
      `delete from audit.entries where version = 5 and organization_id = ${first}`,
      'entry-missing',
      5,
    ],
    [
      'the last entry that is gone',
      `delete from audit.entries where version = 8 and organization_id = ${first}`,
      'entry-missing',
      8,
    ],
    [
      'an event that is gone',
      `delete from events.log where version = 6 and organization_id = ${first}`,
      'event-missing',
      6,
    ],
  ])('finds %s, and where', async (_, forgery, fault, version) => {
    await begin();
    await log.database.asAdmin(forgery);
    const { breaks } = await verify();
    expect(breaks[0]).toEqual({ organizationId: first, version, fault });
    expect(new Set(breaks.map((one) => one.organizationId))).toEqual(new Set([first]));
    expect((await verify(first + 1)).breaks).toEqual([]);
  });

  it('is given away by a hash that was noted, where somebody has made the log, the entries and the chain fit', async () => {
    const rows = await begin();
    const noted = rows.find((row) => row.organization_id === first && row.version === 8)!;
    const anchor = { organizationId: first, version: 8, hash: noted.hash.slice(2) };
    const verification = new ChainVerification(pool);
    expect(await verification.compareAnchor(anchor)).toEqual([]);
    await log.database.asAdmin(`update events.log set actor_id = 9 where organization_id = ${first} and version = 2`);
    await fold(
      story.map((event) => (event.organizationId === first && event.version === 2 ? { ...event, actorId: 9 } : event)),
    );
    expect((await verify()).breaks).toEqual([]);
    expect(await verification.compareAnchor(anchor)).toEqual([{ ...anchor, hash: undefined, fault: 'anchor-differs' }]);
  });
});
