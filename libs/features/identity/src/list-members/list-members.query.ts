import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

export const listMembersQuery = z.strictObject({
  ...pageParameters,
});

/** What a member in the list has. */
export const memberFields = ['id', 'name', 'addedAt', 'erasedAt'] as const;

interface MemberRow {
  readonly body: {
    readonly id: number;
    readonly name: string | null;
    readonly addedAt: string;
    readonly erasedAt: string | null;
  };
}

/** The members of the organization by id, those who were erased included. */
export class ListMembers extends Query<Snapshot<MemberRow>> {
  constructor(
    readonly principal: Principal,
    readonly after: number,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListMembers)
export class ListMembersHandler implements IQueryHandler<ListMembers> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, after, limit, minPosition }: ListMembers): Promise<Snapshot<MemberRow>> {
    const { organizationId } = principal;
    return this.reader.read<MemberRow>(
      { organizationId, minPosition, projections: ['identity_members'] },
      ({ bucket }) => sql`
        select json_build_object('id', user_id, 'name', name,
          'addedAt', to_char(added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'erasedAt', to_char(erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as body
        from identity.members
        where bucket = ${bucket} and organization_id = ${organizationId} and user_id > ${after}
        order by user_id limit ${limit}`,
    );
  }
}
