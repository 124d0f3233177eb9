import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayListUsers } from '../identity.policies';
import { userStatuses } from '../user';
import { scopeOfUser } from '../user.sql';

export const listUsersQuery = z.strictObject({
  ...pageParameters,
});

/** A user as the list shows it. */
export const listedUser = z
  .object({
    id: shapes.numericId,
    name: shapes.text('Ana Duarte'),
    email: z.email().nullable().describe('Null for a user who was erased').meta({ example: 'ana@casas.example' }),
    role: shapes.role,
    status: z.enum([...userStatuses, 'erased']),
    properties: shapes.propertyScope,
  })
  .meta({ id: 'User' });
export const userPage = pageOf(listedUser);

interface UserRow {
  readonly body: z.output<typeof listedUser>;
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
