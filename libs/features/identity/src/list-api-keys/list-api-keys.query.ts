import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayManageKeys } from '../identity.policies';
import { instant } from '../user.sql';

export const listApiKeysQuery = z.strictObject({
  ...pageParameters,
});

/** A key as the list shows it. */
export const listedApiKey = z
  .object({
    id: shapes.uuidId,
    name: shapes.text('Accounting'),
    hint: shapes.text('k7Qz').describe('The end of the key'),
    actorId: shapes.numericId,
    role: shapes.role,
    scopes: z.array(shapes.text('finance:read')).readonly(),
    propertyIds: z.array(shapes.numericId).readonly().nullable().describe('Null for all'),
    createdBy: shapes.numericId.nullable().describe('Null: an operator, for support'),
    createdAt: shapes.instant,
    expiresAt: shapes.instant.nullable(),
    lastUsedAt: shapes.instant.nullable(),
  })
  .meta({ id: 'ApiKey' });
export const apiKeyPage = pageOf(listedApiKey);

interface ApiKeyRow {
  readonly body: z.output<typeof listedApiKey>;
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
