import { pageParameters } from '@innkeep/platform/http';
import type { Principal, PropertyScope, Role } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayListUsers } from '../identity.policies';
import { scopeOfUser } from '../user.sql';

export const listUsersQuery = z.strictObject({
  ...pageParameters,
});

/** What a user in the list has. */
export const userFields = ['id', 'name', 'email', 'role', 'status', 'properties'] as const;

interface UserRow {
  readonly body: {
    readonly id: number;
    readonly name: string;
    /** Null for a user who was erased. */
    readonly email: string | null;
    readonly role: Role;
    readonly status: string;
    readonly properties: PropertyScope;
  };
}

/** The users of the organization, by id. */
export class ListUsers extends Query<Snapshot<UserRow>> {
  constructor(
    readonly principal: Principal,
    readonly after: number,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, after, limit, minPosition }: ListUsers): Promise<Snapshot<UserRow>> {
    assertMayListUsers(principal);
    const { organizationId } = principal;
    return this.reader.read<UserRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', u.id, 'name', u.name, 'email', case when u.erased_at is null then u.email end,
          'role', u.role, 'status', case when u.erased_at is null then u.status else 'erased' end, 'properties', ${scopeOfUser}) as body
        from identity.users u
        where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.id > ${after}
        order by u.id limit ${limit}`,
    );
  }
}
