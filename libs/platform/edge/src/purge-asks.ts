import type { RecordedEvent, Tag } from '@innkeep/contracts';
import { type Sql, sql } from '@innkeep/platform/database';

/** From the first ask to the purge, so that several changes of one page cost one purge. In milliseconds. */
export const PURGE_DELAY_MS = 1_500;

export interface PurgeAsk {
  readonly bucket: number;
  readonly organizationId: number;
  readonly tag: string;
}

/** The asks that a list of events makes, each once. */
export function asksOf(events: readonly RecordedEvent[], tagsOf: (event: RecordedEvent) => readonly Tag[]): PurgeAsk[] {
  const asks = new Map<string, PurgeAsk>();
  for (const event of events) {
    for (const tag of tagsOf(event))
      asks.set(`${event.organizationId} ${tag}`, { bucket: event.bucket, organizationId: event.organizationId, tag });
  }
  return [...asks.values()];
}

/**
 * Writes down that tags are to be purged at a provider. An ask that waits already is left as it is: whoever takes it does so after
 * this statement's snapshot, so its purge is sent after the change. It keeps its time, so a stream of changes cannot postpone it.
 * One whose purge is being sent right now is due again, and the running purge's confirmation will not remove it. The offset has each
 * ask looked up by its key: a plan made for the few asks of a quiet minute would go through all of a storm, ask by ask.
 */
export const askPurges = (provider: string, asks: readonly PurgeAsk[]): Sql => sql`
  insert into edge.purge_asks as a (bucket, organization_id, provider, tag, due_at)
  select bucket, organization_id, ${provider}, tag, clock_timestamp() + make_interval(secs => ${PURGE_DELAY_MS / 1000})
  from unnest(${asks.map((ask) => ask.bucket)}::smallint[], ${asks.map((ask) => ask.organizationId)}::bigint[], ${asks.map((ask) => ask.tag)}::text[])
    as asked(bucket, organization_id, tag)
  where not exists (select from edge.purge_asks w where (w.bucket, w.organization_id, w.provider, w.tag) = (asked.bucket, asked.organization_id, ${provider}, asked.tag)
    and w.attempts = 0 and w.repeats_left = 1 offset 0)
  order by bucket, organization_id, tag
  on conflict (bucket, organization_id, provider, tag) do update
    set generation = a.generation + 1, due_at = least(a.due_at, excluded.due_at), repeats_left = 1,
        asked_at = case when a.repeats_left = 0 then excluded.asked_at else a.asked_at end`;
