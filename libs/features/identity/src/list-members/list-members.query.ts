import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

export const listMembersQuery = z.strictObject({
  ...pageParameters,
});

/** A member by name. */
export const member = z
  .object({
    id: shapes.numericId,
    name: shapes.text('Ana Duarte').nullable(),
    addedAt: shapes.instant,
    erasedAt: shapes.instant.nullable().meta({ example: null }),
  })
  .meta({ id: 'Member' });
export const memberPage = pageOf(member, { position: shapes.position, asOf: shapes.instant });

interface MemberRow {
  readonly body: z.output<typeof member>;
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
