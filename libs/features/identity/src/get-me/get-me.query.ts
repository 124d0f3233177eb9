import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { scopeOfUser } from '../user.sql';

/** The caller, and the organization. */
export const meAnswer = z
  .object({
    user: z.object({
      id: shapes.numericId,
      name: shapes.text('Ana Duarte'),
      email: z.email().meta({ example: 'ana@casas.example' }),
      isEmailVerified: z.boolean(),
    }),
    organization: z.object({ id: shapes.numericId, name: shapes.text('Casas do Rio') }),
    role: shapes.role,
    properties: shapes.propertyScope,
  })
  .meta({ id: 'Me' });

interface MeRow {
  readonly body: z.output<typeof meAnswer>;
}

/** The caller, as the database knows them now: rights may differ from those of an access token that is some minutes old. */
export class GetMe extends Query<Snapshot<MeRow>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetMe)
export class GetMeHandler implements IQueryHandler<GetMe> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, minPosition }: GetMe): Promise<Snapshot<MeRow>> {
    const { organizationId, userId } = principal;
    const snapshot = await this.reader.read<MeRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('user', json_build_object('id', u.id, 'name', u.name, 'email', u.email,
            'isEmailVerified', u.email_verified_at is not null),
          'organization', json_build_object('id', o.organization_id, 'name', o.name), 'role', u.role, 'properties', ${scopeOfUser}) as body
        from identity.users u join identity.organizations o on o.bucket = u.bucket and o.organization_id = u.organization_id
        where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.id = ${userId} and u.erased_at is null`,
    );
    if (snapshot.rows.length === 0) throw notFound('user');
    return snapshot;
  }
}
