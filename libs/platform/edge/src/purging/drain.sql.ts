import { PURGE_DELAY_MS } from './asks';

/** An ask that was taken to be sent. */
export interface DueAsk {
  readonly bucket: number;
  readonly organization_id: string;
  readonly tag: string;
  readonly generation: string;
  readonly attempts: number;
  readonly repeats_left: number;
  readonly asked_at: Date;
  readonly cause_type: string | null;
  readonly cause_version: string | null;
  readonly caused_at: Date | null;
}

/** Each purge is repeated after this: a read that began before the change may reach the edge later than the purge. In seconds. */
const REPEAT_SECONDS = 5;
/** How long a batch that was taken stays with its worker before another may take it. In seconds. */
const CLAIM_SECONDS = 10;
/** More than this is not counted: it only decides how large the batches are. */
const COUNTED = 20_000;
/** A tag that a provider refused so often is purged by a coarser one. */
const ATTEMPTS_TO_ESCALATE = 3;

/** So many tags of one property, or of one organization, cost more than purging all of it. */
const PROPERTY_LIMIT = 30;
const ORGANIZATION_LIMIT = 90;

// The clock of a statement does not move, so it may be looked up in an index; that of the wall may not.
const isDue = 'due_at <= statement_timestamp()';

/** How many asks are due, and whether any of them were refused so often that something else must be tried. */
export const countDue = `
  select count(*)::int as due, coalesce(bool_or(attempts >= ${ATTEMPTS_TO_ESCALATE}), false) as "isRefused"
  from (select attempts from edge.purge_asks where provider = $1 and ${isDue} limit ${COUNTED}) due`;

/**
 * Takes a batch of due asks, oldest first. They are due again soon, in case this process ends before it confirms them. Rows are found by
 * where they stand: a plan made for the few asks of a quiet minute would go through all of a storm.
 */
export const takeDue = `
  update edge.purge_asks a set due_at = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS}), attempts = a.attempts + 1
  where a.ctid = any (array(
    select ctid from edge.purge_asks where provider = $1 and ${isDue} order by due_at limit $2 for update skip locked))
  returning a.bucket, a.organization_id, a.tag, a.generation, a.attempts, a.repeats_left, a.asked_at, a.cause_type, a.cause_version, a.caused_at`;

/** Where those stand that were taken and have not been asked for since. One that is asked for meanwhile moves, and is not found there. */
const isSeen = `a.ctid = any (array(
    select found.ctid from unnest($2::smallint[], $3::bigint[], $4::text[], $5::bigint[]) as seen(bucket, organization_id, tag, generation)
    cross join lateral (select w.ctid from edge.purge_asks w
      where (w.bucket, w.organization_id, w.provider, w.tag, w.generation) = (seen.bucket, seen.organization_id, $1, seen.tag, seen.generation)
      offset 0) found))`;

/** Confirms a purge, with its receipts: what was asked for again meanwhile has another generation and stays. */
export const confirm = `
  with gone as (delete from edge.purge_asks a where ${isSeen} and a.repeats_left = 0 returning 1),
  noted as (
    insert into edge.purge_receipts (provider, purged_at, bucket, organization_id, id, batch, tags, is_repetition, attempts, cause_type, cause_version, caused_at, asked_at)
    select $1, clock_timestamp(), r.* from jsonb_to_recordset($6::jsonb) as r(bucket smallint, organization_id bigint, id uuid, batch uuid, tags text[],
      is_repetition boolean, attempts integer, cause_type text, cause_version bigint, caused_at timestamptz, asked_at timestamptz)
  )
  update edge.purge_asks a set repeats_left = a.repeats_left - 1, attempts = 0, last_error = null,
    due_at = clock_timestamp() + make_interval(secs => ${REPEAT_SECONDS})
  where ${isSeen} and a.repeats_left > 0`;

/** What was not purged is due again later; what was only told to wait has not been tried. */
export const postpone = `
  update edge.purge_asks a set due_at = clock_timestamp() + make_interval(secs => $6), last_error = $7, attempts = a.attempts - $8
  where ${isSeen}`;

/** Asks of a provider for the same whole, by what makes them one, replaced by an ask for the whole; in one statement, so that none is lost. */
const upwards = (group: string, whole: string, isPart: (alias: string) => string, having: string) => `
  with wholes as (
    select bucket, organization_id, ${group} as whole, min(asked_at) as asked_at,
      (array_agg(cause_type order by caused_at))[1] as cause_type, (array_agg(cause_version order by caused_at))[1] as cause_version, min(caused_at) as caused_at
    from edge.purge_asks a where provider = $1 and ${isPart('a')} group by bucket, organization_id, ${group} having ${having}
  ), gone as (
    delete from edge.purge_asks a using wholes w where a.provider = $1 and (a.bucket, a.organization_id) = (w.bucket, w.organization_id)
      and a.${group} = w.whole and ${isPart('a')} returning 1
  )
  insert into edge.purge_asks as a (bucket, organization_id, provider, tag, property_id, due_at, asked_at, cause_type, cause_version, caused_at)
  select bucket, organization_id, $1, ${whole}, ${group === 'property_id' ? 'whole' : 'null'}, clock_timestamp(), asked_at, cause_type, cause_version, caused_at from wholes
  on conflict (bucket, organization_id, provider, tag) do update
    set generation = a.generation + 1, due_at = least(a.due_at, excluded.due_at), repeats_left = 1, asked_at = least(a.asked_at, excluded.asked_at)`;

const isPartOfProperty = (a: string) => `${a}.property_id is not null and ${a}.tag <> 'property:' || ${a}.property_id`;
const isPartOfOrganization = (a: string) => `${a}.tag <> 'org:' || ${a}.organization_id`;
const isRefused = `max(attempts) >= ${ATTEMPTS_TO_ESCALATE}`;

/** Many asks of one property become one for the property. */
export const coalesceProperties = upwards(
  'property_id',
  `'property:' || whole`,
  isPartOfProperty,
  `count(*) > ${PROPERTY_LIMIT} or ${isRefused}`,
);
/** Many asks of one organization become one for the organization. */
export const coalesceOrganizations = upwards(
  'organization_id',
  `'org:' || whole`,
  isPartOfOrganization,
  `count(*) > ${ORGANIZATION_LIMIT} or ${isRefused}`,
);

/** Whether anything has been due for longer than it should: what the sweep looks at. */
export const overdue = `
  select from edge.purge_asks where provider = $1 and due_at < statement_timestamp() - interval '500 milliseconds' limit 1`;

/** How late the oldest first purge is. */
export const purgeLag = `
  select greatest(0, coalesce(extract(epoch from clock_timestamp() - min(asked_at)), 0) - ${PURGE_DELAY_MS / 1_000})::float8 as seconds
  from edge.purge_asks where repeats_left > 0`;
