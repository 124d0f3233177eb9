import { ERASED } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** A list of what somebody asks for and somebody else decides. */
export interface RequestList {
  /** The member of the payloads, and the column, that hold the id of what was asked for. */
  readonly member: string;
  readonly column: string;
  readonly requested: string;
  /** What each of the events that decide makes of it. */
  readonly decisions: Readonly<Record<string, string>>;
  /** Further columns, and what they hold, from the payload `data`. */
  readonly columns: Readonly<Record<string, string>>;
}

const erasedOr = (text: string, isErased: string) =>
  sql`case when ${rawSql(isErased)} and ${rawSql(text)} is not null then ${ERASED} else ${rawSql(text)} end`;

/**
 * Folds requests and the last decision on each. What is asked for and decided in one batch is inserted as it stands then; of what is in the
 * table already, rows that were decided on or whose person was erased are changed, each once.
 */
export function foldRequests(batch: Sql, table: Sql, list: RequestList): Sql {
  const id = rawSql(list.column);
  // As text: each use of a parameter would be another one, and what is grouped is not what is sorted.
  const named = rawSql(`data->>'${list.member}'`);
  const names = Object.keys(list.columns);
  const decided = Object.entries(list.decisions);
  const status = rawSql(`case e.type ${decided.map(([type, made]) => `when '${type}' then '${made}'`).join(' ')} end`);
  const types = rawSql(decided.map(([type]) => `'${type}'`).join(', '));
  return sql`
    with erased as materialized (
      select distinct bucket, organization_id, (data->>'id')::bigint as user_id from ${batch} e
      where type = 'SubjectErased' and data->>'kind' = 'user'
    ), decided as materialized (
      select distinct on (bucket, organization_id, ${named}) bucket, organization_id, (${named})::uuid as ${id},
        (data->>'userId')::bigint as user_id, ${status} as status, actor_id as decided_by, data->>'decisionReason' as decision_reason
      from ${batch} e where type in (${types})
      order by bucket, organization_id, ${named}, version desc
    ), concerned as (
      select bucket, organization_id, ${id}, user_id from decided
      union
      select t.bucket, t.organization_id, t.${id}, t.user_id from erased e
        join ${table} t on (t.bucket, t.organization_id, t.user_id) = (e.bucket, e.organization_id, e.user_id)
    ), changed as (
      select c.bucket, c.organization_id, c.${id}, d.status, d.decided_by, d.decision_reason, e.user_id is not null as is_erased
      from concerned c left join decided d using (bucket, organization_id, ${id})
        left join erased e on (e.bucket, e.organization_id, e.user_id) = (c.bucket, c.organization_id, c.user_id)
    ), known as (
      update ${table} t set status = coalesce(c.status, t.status),
        decided_by = case when c.status is null then t.decided_by else c.decided_by end,
        reason = ${erasedOr('t.reason', 'c.is_erased')},
        decision_reason = case when c.status is null then ${erasedOr('t.decision_reason', 'c.is_erased')}
          else ${erasedOr('c.decision_reason', 'c.is_erased')} end
      from changed c where (t.bucket, t.organization_id, t.${id}) = (c.bucket, c.organization_id, c.${id})
    )
    insert into ${table} (bucket, organization_id, ${id}, user_id, property_id, requested_by, requested_at, requested_version, reason, status, decided_by,
      decision_reason, ${rawSql(names.join(', '))})
    select r.bucket, r.organization_id, (${named})::uuid, (data->>'userId')::bigint, (data->>'propertyId')::bigint,
      (data->>'requestedBy')::bigint, r.recorded_at, r.version, ${erasedOr("data->>'reason'", 'coalesce(c.is_erased, e.user_id is not null)')},
      coalesce(c.status, 'pending'), c.decided_by, ${erasedOr('c.decision_reason', 'c.is_erased')},
      ${rawSql(names.map((name) => list.columns[name]).join(', '))}
    from ${batch} r
      left join changed c on (c.bucket, c.organization_id, c.${id}) = (r.bucket, r.organization_id, (r.${named})::uuid)
      left join erased e on (e.bucket, e.organization_id, e.user_id) = (r.bucket, r.organization_id, (r.data->>'userId')::bigint)
    where r.type = ${list.requested}`;
}
