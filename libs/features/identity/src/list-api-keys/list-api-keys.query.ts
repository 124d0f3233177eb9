import type { Principal, Role } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayManageKeys } from '../identity.policies';
import { instant } from '../user.sql';

export const listApiKeysQuery = z.strictObject({
  ...pageParameters,
});

/** What a key in the list has. */
export const apiKeyFields = [
  'id',
  'name',
  'hint',
  'actorId',
  'role',
  'scopes',
  'propertyIds',
  'createdBy',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
] as const;

interface ApiKeyRow {
  readonly body: {
    readonly id: string;
    readonly name: string;
    readonly hint: string;
    readonly actorId: number;
    readonly role: Role;
    readonly scopes: readonly string[];
    readonly propertyIds: readonly number[] | null;
    readonly createdBy: number;
    readonly createdAt: string;
    readonly expiresAt: string | null;
    readonly lastUsedAt: string | null;
  };
}

/** The organization's keys that were not revoked, the latest first. */
export class ListApiKeys extends Query<Snapshot<ApiKeyRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListApiKeys): Promise<Snapshot<ApiKeyRow>> {
    assertMayManageKeys(principal);
    const { organizationId } = principal;
    return this.reader.read<ApiKeyRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', k.id, 'name', k.name, 'hint', k.hint, 'actorId', k.actor_id, 'role', k.role, 'scopes', k.scopes,
          'propertyIds', k.property_ids, 'createdBy', k.created_by, 'createdAt', ${instant('k.created_at')},
          'expiresAt', ${instant('k.expires_at')}, 'lastUsedAt', ${instant('k.last_used_at')}) as body
        from identity.api_keys k
        where k.bucket = ${bucket} and k.organization_id = ${organizationId} and k.revoked_at is null
          and (${before}::uuid is null or k.id < ${before})
        order by k.id desc limit ${limit}`,
    );
  }
}
