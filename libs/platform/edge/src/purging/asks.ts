import type { RecordedEvent, Tag } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** From the first ask to the purge, so that several changes of one page cost one purge. In milliseconds. */
export const PURGE_DELAY_MS = 1_500;

/** The event that a purge was asked for because of; of several, the first. */
export interface PurgeCause {
  readonly type: string;
  readonly version: number;
  /** An instant, as text: it is told with each of many tags. */
  readonly recordedAt: string;
}

export interface PurgeAsk {
  readonly bucket: number;
  readonly organizationId: number;
  readonly tag: string;
  /** The property that all answers with the tag are about, and whose tag all of them carry. */
  readonly propertyId?: number;
  readonly cause?: PurgeCause;
}

const PROPERTY = /(?:^|:)property:(\d{1,16})(?::|$)/;

/** The property that a tag names, if it names one: the tag of that property is on all answers with this one. */
export function propertyOfTag(tag: string): number | undefined {
  const named = PROPERTY.exec(tag)?.[1];
  return named ? Number(named) : undefined;
}

/** The property that a tag of an event is about: the one that it names, and for single items, which name none, that of the event. */
function propertyOf(tag: string, event: RecordedEvent): number | undefined {
  const named = propertyOfTag(tag);
  if (named !== undefined) return named;
  return /(^|:)(org|user):/.test(tag) ? undefined : event.propertyId;
}

/** The asks that a list of events makes, each once. */
export function asksOf(events: readonly RecordedEvent[], tagsOf: (event: RecordedEvent) => readonly Tag[]): PurgeAsk[] {
  const asks = new Map<string, PurgeAsk>();
  for (const event of events) {
    const { bucket, organizationId, type, version } = event;
    const cause = { type, version, recordedAt: event.recordedAt.toISOString() };
    for (const tag of tagsOf(event)) {
      const key = `${organizationId} ${tag}`;
      const propertyId = propertyOf(tag, event);
      if (!asks.has(key)) asks.set(key, { bucket, organizationId, tag, propertyId, cause });
    }
  }
  return [...asks.values()];
}

/** What was asked before has been sent, or is being sent for the first time: the ask is a new one. One that failed is still the old one. */
const SENT = rawSql('a.repeats_left = 0 or a.last_error is null');

/** The asks as rows. As JSON, which takes a third of the time that arrays of their columns take to spell. */
const rowsOf = (asks: readonly PurgeAsk[]): string =>
  JSON.stringify(
    asks.map(({ bucket, organizationId, tag, propertyId, cause }) => ({
      bucket,
      organization_id: organizationId,
      tag,
      property_id: propertyId,
      cause_type: cause?.type,
      cause_version: cause?.version,
      caused_at: cause?.recordedAt,
    })),
  );

/**
 * Writes down that tags are to be purged at each of the providers. An ask that waits already is left as it is: whoever takes it does so
 * after this statement's snapshot, so its purge is sent after the change. It keeps its time, so a stream of changes cannot postpone it.
 * One whose purge is being sent right now is due again, and the running purge's confirmation will not remove it. The offset has each
 * ask looked up by its key: a plan made for the few asks of a quiet minute would go through all of a storm, ask by ask.
 */
export const askPurges = (providers: readonly string[], asks: readonly PurgeAsk[]): Sql => sql`
  insert into edge.purge_asks as a (bucket, organization_id, provider, tag, due_at, property_id, cause_type, cause_version, caused_at)
  select bucket, organization_id, asked.provider, tag, clock_timestamp() + make_interval(secs => ${PURGE_DELAY_MS / 1000}),
    property_id, cause_type, cause_version, caused_at
  from (select asked.*, p.provider from unnest(${providers}::text[]) p(provider), jsonb_to_recordset(${rowsOf(asks)}::jsonb)
    as asked(bucket smallint, organization_id bigint, tag text, property_id bigint, cause_type text, cause_version bigint, caused_at timestamptz)) asked
  where not exists (select from edge.purge_asks w where (w.bucket, w.organization_id, w.provider, w.tag) = (asked.bucket, asked.organization_id, asked.provider, asked.tag)
    and w.attempts = 0 and w.repeats_left = 1 offset 0)
  order by bucket, organization_id, provider, tag
  on conflict (bucket, organization_id, provider, tag) do update
    set generation = a.generation + 1, due_at = least(a.due_at, excluded.due_at), repeats_left = 1,
        asked_at = case when ${SENT} then excluded.asked_at else a.asked_at end,
        cause_type = case when ${SENT} then excluded.cause_type else a.cause_type end,
        cause_version = case when ${SENT} then excluded.cause_version else a.cause_version end,
        caused_at = case when ${SENT} then excluded.caused_at else a.caused_at end`;
