import type { Role } from '@innkeep/contracts';
import { Directory, type OrganizationTransaction, Reader, Shards, sql } from '@innkeep/platform/database';
import { ApiKeySource, type ApiKeyUse, type FoundApiKey, type NewApiKey, revokeSessions } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import type { AssignedProperties } from './user';

/** What a key is and may do. */
export interface ApiKey {
  readonly id: string;
  /** The number that the key acts under, in the place of a user's id. */
  readonly actorId: number;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly propertyIds: AssignedProperties;
  readonly expiresAt: Date | null;
}

interface KeyRow {
  readonly id: string;
  readonly actor_id: string;
  readonly role: Role;
  readonly scopes: string[];
  readonly property_ids: number[] | null;
  readonly expires_at: Date | null;
  readonly permission_epoch: number;
}

/** API keys: in the directory to be found, in the organization with what they may do. */
@Injectable()
export class ApiKeyStore extends ApiKeySource {
  constructor(
    private readonly directory: Directory,
    private readonly reader: Reader,
    private readonly shards: Shards,
  ) {
    super();
  }

  async find(hash: Buffer): Promise<FoundApiKey | undefined> {
    const organizationId = await this.directory.findApiKey(hash);
    if (organizationId === undefined) return undefined;
    const { rows } = await this.reader.read<KeyRow>(
      { organizationId },
      ({ bucket }) => sql`
        select id, actor_id, role, scopes, to_json(property_ids) as property_ids, expires_at, permission_epoch from identity.api_keys k
        where bucket = ${bucket} and organization_id = ${organizationId} and hash = ${hash} and revoked_at is null
          and exists (select from identity.organizations o where o.bucket = k.bucket and o.organization_id = k.organization_id and o.status = 'active')`,
    );
    const [row] = rows;
    if (!row) return undefined;
    const { id, actor_id, role, scopes, property_ids, expires_at, permission_epoch } = row;
    return {
      principal: {
        organizationId,
        userId: Number(actor_id),
        role,
        properties: property_ids ?? 'all',
        permissionEpoch: permission_epoch,
        sessionId: id,
      },
      scopes,
      expiresAt: expires_at,
    };
  }

  async note(uses: readonly ApiKeyUse[]): Promise<void> {
    const routed = await Promise.all(
      uses.map(async (use) => ({ ...use, route: await this.directory.route(use.organizationId) })),
    );
    for (const { name, pool } of this.shards.all) {
      const own = routed.flatMap(({ route, ...use }) =>
        route?.shard === name ? [{ ...use, bucket: route.bucket }] : [],
      );
      if (own.length === 0) continue;
      await pool.query('select identity.note_api_key_uses($1, $2, $3, $4)', [
        own.map(({ bucket }) => bucket),
        own.map(({ organizationId }) => organizationId),
        own.map(({ apiKeyId }) => apiKeyId),
        own.map(({ usedAt }) => usedAt),
      ]);
    }
  }

  /** @param createdBy the owner who made it; null: an operator */
  add(transaction: OrganizationTransaction, apiKey: ApiKey, { hash, hint }: NewApiKey, createdBy: number | null): void {
    const { bucket, organizationId } = transaction;
    const { id, actorId, name, role, scopes, propertyIds, expiresAt } = apiKey;
    transaction.write(sql`
      insert into identity.api_keys (bucket, organization_id, id, hash, hint, actor_id, name, role, scopes, property_ids, created_by,
        expires_at, version)
      values (${bucket}, ${organizationId}, ${id}, ${hash}, ${hint}, ${actorId}, ${name}, ${role}, ${scopes}::text[],
        ${propertyIds}::bigint[], ${createdBy}, ${expiresAt}, (select version from head))`);
  }

  /** A key that was not revoked, locked to the end of the transaction. */
  async load(transaction: OrganizationTransaction, id: string): Promise<{ actorId: number; hash: Buffer } | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ actor_id: string; hash: Buffer }>(sql`
      select actor_id, hash from identity.api_keys
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${id} and revoked_at is null for no key update`);
    return row && { actorId: Number(row.actor_id), hash: row.hash };
  }

  /** Ends a key: within seconds at processes that remember it. */
  revoke(transaction: OrganizationTransaction, id: string, actorId: number): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.api_keys set revoked_at = now(), version = (select version from head)
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${id}`);
    transaction.write(revokeSessions(transaction, actorId, [id]));
  }
}
