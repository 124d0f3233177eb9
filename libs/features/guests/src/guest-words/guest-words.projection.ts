import { ERASED, SubjectErased } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';
import { isStayEvent, stayEvents } from '../stay.events';

/** The words of each lead guest's name, as its stay's last event has it; none of who was erased. */
export const guestWords = defineProjection({
  name: 'guests_guest_words',
  version: 1,
  events: [...stayEvents, SubjectErased],
  table: 'guests.guest_words',
  // Words that stay are neither deleted nor inserted: one statement cannot do both with a key.
  fold: (batch, table) => sql`
    with named as materialized (
      select distinct on (bucket, organization_id, stay_id) bucket, organization_id, stay_id, words from (
        select bucket, organization_id, version, (data->>'stayId')::uuid as stay_id,
          case when data->>'guestName' = ${ERASED} then '{}' else guests.words_of(data->>'guestName') end as words
        from ${batch} e where ${isStayEvent}
        union all
        select bucket, organization_id, version, (data->>'id')::uuid, '{}'
        from ${batch} e where type = 'SubjectErased' and data->>'kind' = 'guest') happened
      order by bucket, organization_id, stay_id, version desc
    ), gone as (
      delete from ${table} w using named n
      where (w.bucket, w.organization_id, w.stay_id) = (n.bucket, n.organization_id, n.stay_id) and w.word <> all (n.words)
    )
    insert into ${table} (bucket, organization_id, word, stay_id)
    select bucket, organization_id, word, stay_id from named cross join unnest(words) word
    on conflict do nothing`,
});
