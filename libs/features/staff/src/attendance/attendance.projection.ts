import { ERASED, ShiftClosed, ShiftCorrected, ShiftEnded, ShiftStarted, SubjectErased } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import { defineProjection } from '@innkeep/platform/events';

const ofShift = rawSql(`type in ('ShiftStarted', 'ShiftEnded', 'ShiftClosed', 'ShiftCorrected')`);
const key = rawSql("bucket, organization_id, data->>'shiftId'");
/** A place as an event holds it; one that was erased is none. */
const place = (type: string) =>
  sql`(max(nullif(data->>'location', ${ERASED})) filter (where type = ${type}) over (partition by ${key}))::jsonb`;

/**
 * Every shift, as its last event says; beside it where it began and ended, which is said once and forgotten with its subject: the month of
 * the person, or the person. A shift that a batch and the table both know is written by the insert alone, because one statement cannot
 * change a row twice.
 */
export const attendance = defineProjection({
  name: 'staff_attendance',
  version: 1,
  events: [ShiftStarted, ShiftEnded, ShiftClosed, ShiftCorrected, SubjectErased],
  table: 'staff.attendance',
  fold: (batch, table) => sql`
    with gone as materialized (
      select distinct bucket, organization_id, split_part(data->>'id', '.', 1)::bigint as user_id, nullif(split_part(data->>'id', '.', 2), '') as month
      from ${batch} e where type = 'SubjectErased' and data->>'kind' in ('user', 'location')
    ), latest as materialized (
      select distinct on (${key}) bucket, organization_id, (data->>'shiftId')::uuid as shift_id, version, data,
        ${place('ShiftStarted')} as began_at_place, ${place('ShiftEnded')} as ended_at_place,
        min(case when type = 'ShiftStarted' then substr(data->>'startedAt', 1, 7) end) over (partition by ${key}) as location_month
      from ${batch} e where ${ofShift}
      order by ${key}, version desc
    ), told as materialized (
      select l.*, exists (select from gone g where (g.bucket, g.organization_id, g.user_id) = (l.bucket, l.organization_id, (l.data->>'userId')::bigint)
        and (g.month is null or g.month = l.location_month)) as is_gone
      from latest l
    ), forgotten as (
      update ${table} a set began_at_place = null, ended_at_place = null
      from gone g
      where (a.bucket, a.organization_id, a.user_id) = (g.bucket, g.organization_id, g.user_id)
        and (g.month is null or g.month = a.location_month) and (a.began_at_place is not null or a.ended_at_place is not null)
        and not exists (select from latest l where (l.bucket, l.organization_id, l.shift_id) = (a.bucket, a.organization_id, a.shift_id))
    )
    insert into ${table} as a (bucket, organization_id, shift_id, user_id, property_id, business_on, started_at, ended_at, worked_seconds, late_minutes,
      is_forgotten, is_corrected, began_inside, ended_inside, began_at_place, ended_at_place, location_month, version)
    select bucket, organization_id, shift_id, (data->>'userId')::bigint, (data->>'propertyId')::bigint, (data->>'businessDay')::date,
      (data->>'startedAt')::timestamptz, (data->>'endedAt')::timestamptz, (data->>'workedSeconds')::integer, (data->>'lateMinutes')::integer,
      (data->>'isForgotten')::boolean, (data->>'isCorrected')::boolean, (data->>'beganInside')::boolean, (data->>'endedInside')::boolean,
      case when not is_gone then began_at_place end, case when not is_gone then ended_at_place end,
      coalesce(location_month, substr(data->>'startedAt', 1, 7)), version
    from told
    on conflict (bucket, organization_id, shift_id) do update set
      business_on = excluded.business_on, started_at = excluded.started_at, ended_at = excluded.ended_at, worked_seconds = excluded.worked_seconds,
      late_minutes = excluded.late_minutes, is_forgotten = excluded.is_forgotten, is_corrected = excluded.is_corrected,
      began_inside = excluded.began_inside, ended_inside = excluded.ended_inside, version = excluded.version,
      began_at_place = case when exists (select from gone g where (g.bucket, g.organization_id, g.user_id) = (a.bucket, a.organization_id, a.user_id)
        and (g.month is null or g.month = a.location_month)) then null else a.began_at_place end,
      ended_at_place = case when exists (select from gone g where (g.bucket, g.organization_id, g.user_id) = (a.bucket, a.organization_id, a.user_id)
        and (g.month is null or g.month = a.location_month)) then null else coalesce(excluded.ended_at_place, a.ended_at_place) end`,
});
