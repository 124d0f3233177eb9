import { type Sql, sql } from '@innkeep/platform/database';
import { checkArchive, readArchive } from '@innkeep/platform/events';
import type { Pool } from 'pg';
import { digestOf } from '../entries/entries.projection';

/**
 * What is wrong at a version: an entry that its hash does not fit (`entry-altered`), an event that is not what the entry says
 * (`event-altered`), or one of the two that is not there.
 */
export type Fault = 'entry-altered' | 'event-altered' | 'entry-missing' | 'event-missing' | 'anchor-differs';

/** Where a chain is broken. */
export interface Break {
  readonly organizationId: number;
  readonly version: number;
  readonly fault: Fault;
}

/** What was looked at, and what was found. */
export interface Verified {
  readonly organizations: number;
  readonly entries: number;
  /** Entries whose events are in the archive's files and were not compared with them. */
  readonly notCompared: number;
  /** Events that the audit log has not taken yet. */
  readonly waiting: number;
  /** The first ones of each organization. */
  readonly breaks: readonly Break[];
}

/** A hash that was noted elsewhere. */
export interface Anchor {
  readonly organizationId: number;
  readonly version: number;
  readonly hash: string;
}

const BREAKS = 5;
const CHUNK = 5_000;

interface BucketRow {
  readonly organizations: string;
  readonly entries: string;
  readonly archived: string;
  readonly waiting: string;
  readonly breaks: Break[] | null;
}

const only = (organizationId: number | undefined): Sql =>
  organizationId === undefined ? sql`` : sql`and organization_id = ${organizationId}`;

/** The entries of a bucket, each with the hash before it and with what its own hash ought to be. */
const kept = (bucket: number, organizationId: number | undefined): Sql => sql`
  select organization_id, version, recorded_at, hash, ${digestOf('e')} as digest,
    lag(version, 1, 0::bigint) over chain as previous_version, lag(hash) over chain as previous_hash
  from audit.entries e where bucket = ${bucket} ${only(organizationId)}
  window chain as (partition by organization_id order by version)`;

/** Compares a bucket's chains with the log as far as it is in the database. */
const compareBucket = (bucket: number, organizationId: number | undefined): Sql => sql`
  with kept as materialized (${kept(bucket, organizationId)}),
  log as materialized (
    select organization_id, version, position, ${digestOf('l')} as digest from events.log l
    where bucket = ${bucket} and organization_id > 0 ${only(organizationId)}
  ),
  heads as (
    select h.organization_id, h.version, coalesce((select max(k.version) from kept k where k.organization_id = h.organization_id), 0) as kept_version
    from events.organization_heads h where h.bucket = ${bucket} and h.organization_id > 0 ${only(organizationId)}
  ),
  moved as (select coalesce(max(month) + interval '1 month', '-infinity')::timestamp at time zone 'UTC' as before from events.archived_partitions),
  faults as (
    select organization_id, version, 'entry-altered' as fault from kept where hash <> audit.link(previous_hash, digest) and previous_version = version - 1
    union all
    select organization_id, generate_series(previous_version + 1, least(version - 1, previous_version + ${BREAKS})), 'entry-missing' from kept
      where previous_version < version - 1
    union all
    select organization_id, generate_series(kept_version + 1, least(l.first - 1, kept_version + ${BREAKS})), 'event-missing' from heads h
      cross join lateral (select coalesce(min(l.version), h.version + 1) as first from log l
        where l.organization_id = h.organization_id and l.version > h.kept_version) l
      where h.version > h.kept_version
    union all
    -- What the projection has passed and nobody kept from it, but behind the last entry there is none.
    select l.organization_id, l.version, 'entry-missing' from log l join heads h using (organization_id)
      join events.projections p on p.name = 'audit_entries'
      join events.checkpoints c on c.track = p.track and c.bucket = ${bucket} and c.position >= l.position
      where l.version > h.kept_version and not exists (select from events.parked s
        where s.bucket = ${bucket} and s.organization_id = l.organization_id and s.projection = p.name)
    union all
    select k.organization_id, k.version, 'event-missing' from kept k cross join moved
      where k.recorded_at >= moved.before and not exists (select from log l where l.organization_id = k.organization_id and l.version = k.version)
    union all
    select k.organization_id, k.version, 'event-altered' from kept k join log l using (organization_id, version)
      where l.digest <> k.digest and k.hash = audit.link(k.previous_hash, k.digest)
  ),
  first_faults as (
    select organization_id, version, min(fault) as fault, row_number() over (partition by organization_id order by version) as nth
    from faults group by organization_id, version
  )
  select (select count(distinct organization_id) from kept) as organizations, (select count(*) from kept) as entries,
    (select count(*) from kept, moved where recorded_at < moved.before) as archived,
    (select coalesce(sum(greatest(version - kept_version, 0)), 0) from heads) as waiting,
    (select json_agg(json_build_object('organizationId', organization_id, 'version', version, 'fault', fault) order by organization_id, version)
      from first_faults where nth <= ${BREAKS}) as breaks`;

/** Compares the entries of events in lines of the archive with these. */
const compareLines = (lines: readonly string[], organizationId: number | undefined): Sql => sql`
  with l as (
    select * from jsonb_populate_recordset(null::events.log, ${`[${lines.join(',')}]`}::jsonb) where organization_id > 0 ${only(organizationId)}
  ), pairs as (
    select l.organization_id, l.version, ${digestOf('l')} as archived, ${digestOf('e')} as kept
    from l join audit.entries e on e.bucket = l.bucket and e.organization_id = l.organization_id and e.version = l.version
  )
  select count(*) as compared, json_agg(json_build_object('organizationId', organization_id, 'version', version, 'fault', 'event-altered')
    order by organization_id, version) filter (where archived <> kept) as breaks from pairs`;

/**
 * Checks the audit log against itself and against the event log. Reads everything, a bucket at a time, and changes nothing; whoever
 * calls has the projector's eyes, who sees all organizations.
 */
export class ChainVerification {
  constructor(private readonly pool: Pool) {}

  /** `archive` is the folder with the files of the months that are not in the log any more. */
  async verify(organizationId?: number, archive?: string, progress?: (entries: number) => void): Promise<Verified> {
    const buckets = await this.bucketsOf(organizationId);
    const found = { organizations: 0, entries: 0, archived: 0, waiting: 0, breaks: [] as Break[] };
    for (const bucket of buckets) {
      const [row] = await this.run<BucketRow>(compareBucket(bucket, organizationId));
      found.organizations += Number(row!.organizations);
      found.entries += Number(row!.entries);
      found.archived += Number(row!.archived);
      found.waiting += Number(row!.waiting);
      found.breaks.push(...(row!.breaks ?? []));
      progress?.(Number(row!.entries));
    }
    const { archived, ...rest } = found;
    if (archive === undefined || archived === 0) return { ...rest, notCompared: archived };
    const { compared, breaks } = await this.compareArchive(archive, organizationId);
    return { ...rest, notCompared: archived - compared, breaks: [...rest.breaks, ...breaks] };
  }

  /** Whether the chain still has the hash that was noted of it; what is wrong otherwise. */
  async compareAnchor({ organizationId, version, hash }: Anchor): Promise<readonly Break[]> {
    const rows = await this.run<{ hash: string }>(
      sql`select encode(hash, 'hex') as hash from audit.entries e join events.organization_heads h using (bucket, organization_id)
        where h.organization_id = ${organizationId} and e.version = ${version}`,
    );
    return rows[0]?.hash === hash ? [] : [{ organizationId, version, fault: 'anchor-differs' }];
  }

  private async compareArchive(folder: string, organizationId: number | undefined) {
    const months = await this.run<{ month: string; sha256: string }>(
      sql`select to_char(month, 'YYYY-MM') as month, sha256 from events.archived_partitions order by month`,
    );
    let compared = 0;
    const breaks: Break[] = [];
    for (const { month, sha256 } of months) {
      await checkArchive(folder, month, sha256);
      for await (const lines of readArchive(folder, month, CHUNK)) {
        const [row] = await this.run<{ compared: string; breaks: Break[] | null }>(compareLines(lines, organizationId));
        compared += Number(row!.compared);
        breaks.push(...(row!.breaks ?? []));
      }
    }
    return { compared, breaks };
  }

  private async bucketsOf(organizationId: number | undefined): Promise<number[]> {
    const rows = await this.run<{ bucket: number }>(
      sql`select distinct bucket from events.organization_heads where organization_id > 0 ${only(organizationId)} order by bucket`,
    );
    return rows.map(({ bucket }) => bucket);
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    const { text, values } = statement.compile();
    return (await this.pool.query(text, values)).rows as Row[];
  }
}
