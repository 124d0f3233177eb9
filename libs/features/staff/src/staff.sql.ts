import type { Principal } from '@innkeep/contracts';
import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** An instant as clients see it: RFC 3339 in UTC with milliseconds, as JavaScript writes it. */
const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The same as a part of a statement. */
export const instantText = (column: string): Sql => rawSql(instant(column));

/** Whose rows are asked for. Staff ask for their own. */
export interface Sight {
  readonly principal: Principal;
  readonly propertyId?: number;
  readonly userId?: number;
}

/** The rows, of a table with `user_id` and `property_id` by the name of `t`, that the caller asks for and may see. */
export const seenRows = (bucket: number, { principal, propertyId, userId }: Sight): Sql => {
  const { organizationId, properties, role } = principal;
  // What is somebody's own they see wherever it was, also where they work no more.
  const isNarrowed = properties !== 'all' && role !== 'staff';
  return sql`t.bucket = ${bucket} and t.organization_id = ${organizationId}
    ${isNarrowed ? sql`and t.property_id = any (${properties}::bigint[])` : sql``}
    ${propertyId === undefined ? sql`` : sql`and t.property_id = ${propertyId}`}
    ${userId === undefined ? sql`` : sql`and t.user_id = ${userId}`}`;
};

/** Whether the property that a filter names is one of the organization's; without one there is nothing to know. */
export const knownProperty = (bucket: number, { principal: { organizationId }, propertyId }: Sight): Sql =>
  propertyId === undefined
    ? rawSql('true')
    : sql`exists (select from staff.property_names where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId})`;

/** The name of the person of row `t`, from row `p`. */
export const joinPeople = rawSql(
  `left join staff.people p on p.bucket = t.bucket and p.organization_id = t.organization_id and p.user_id = t.user_id`,
);

const shiftMembers = `'id', t.shift_id, 'userId', t.user_id, 'propertyId', t.property_id, 'businessDay', t.business_on,
  'startedAt', ${instant('t.started_at')}, 'endedAt', ${instant('t.ended_at')}, 'workedSeconds', t.worked_seconds, 'lateMinutes', t.late_minutes,
  'isForgotten', t.is_forgotten, 'isCorrected', t.is_corrected, 'beganInside', t.began_inside, 'endedInside', t.ended_inside, 'userName', p.name`;

/** A shift in lists, from row `t` of `staff.attendance`. */
export const listedShiftJson = rawSql(`json_build_object(${shiftMembers})`);

/** The same with where it was. */
export const locatedShiftJson = rawSql(
  `json_build_object(${shiftMembers}, 'beganAtPlace', t.began_at_place, 'endedAtPlace', t.ended_at_place)`,
);

const requestMembers = `'status', t.status, 'requestedBy', t.requested_by, 'userName', p.name, 'reason', t.reason, 'decisionReason', t.decision_reason,
  'decidedBy', t.decided_by, 'requestedAt', ${instant('t.requested_at')}`;

/** A correction in lists, from row `t` of `staff.correction_list`. */
export const listedCorrectionJson =
  rawSql(`json_build_object('id', t.correction_id, 'shiftId', t.shift_id, 'userId', t.user_id,
  'propertyId', t.property_id, 'startedAt', ${instant('t.started_at')}, 'endedAt', ${instant('t.ended_at')}, ${requestMembers})`);

/** A leave request in lists, from row `t` of `staff.leave_list`. */
export const listedLeaveJson =
  rawSql(`json_build_object('id', t.leave_request_id, 'userId', t.user_id, 'propertyId', t.property_id,
  'leaveTypeId', t.leave_type_id, 'from', t.from_on, 'to', t.to_on, 'startsAtNoon', t.starts_at_noon, 'endsAtNoon', t.ends_at_noon,
  'days', t.half_days / 2.0, ${requestMembers})`);

/** One page: the bodies, in order, whether the property is known, and the key behind which the next page begins. */
export interface StaffPage<Entry> {
  readonly data: readonly { readonly body: Entry; readonly key: (string | number)[] }[];
  readonly isKnown: boolean;
}

/** Answers a page from a statement that selects `body` and `key`, with one row more if there is another page. */
export const pageRow = (bucket: number, sight: Sight, page: Sql): Sql => sql`
  select coalesce(json_agg(json_build_object('body', page.body, 'key', page.key)), '[]') as data, ${knownProperty(bucket, sight)} as "isKnown"
  from (${page}) page`;
