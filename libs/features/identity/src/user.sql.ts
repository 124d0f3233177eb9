import type { PropertyScope, Role } from '@innkeep/contracts';
import { rawSql, sql } from '@innkeep/platform/database';
import type { User, UserStatus } from './user';

/** An instant as clients see it: RFC 3339 in UTC with milliseconds, as JavaScript writes it. */
export const instant = (column: string) =>
  rawSql(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** The property scope of row `u` of identity.users as JSON: "all", or the ids assigned. */
export const scopeOfUser = rawSql(`case when u.has_all_properties then '"all"'::json else coalesce(
  (select json_agg(a.property_id order by a.property_id) from identity.property_assignments a
    where a.bucket = u.bucket and a.organization_id = u.organization_id and a.user_id = u.id), '[]'::json) end`);

/** What decides a user's rights, of row `u` of identity.users. */
export const userColumns = sql`u.id, u.role, u.status, u.permission_epoch, ${scopeOfUser} as properties,
  (select o.status = 'active' from identity.organizations o where o.bucket = u.bucket and o.organization_id = u.organization_id)
    as is_organization_active`;

export interface UserRow {
  id: string;
  role: Role;
  status: UserStatus;
  permission_epoch: number;
  properties: PropertyScope;
  is_organization_active: boolean;
}

export const toUser = (row: UserRow): User => ({
  id: Number(row.id),
  role: row.role,
  status: row.status,
  properties: row.properties,
  permissionEpoch: row.permission_epoch,
  isOrganizationActive: row.is_organization_active,
});
