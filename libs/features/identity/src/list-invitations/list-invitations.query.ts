import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayInvite } from '../identity.policies';
import { instant } from '../user.sql';

export const listInvitationsQuery = z.strictObject(pageParameters);

/** An invitation as the list shows it: never by its token, of which only a hash is kept. */
export const listedInvitation = z
  .object({
    id: shapes.uuidId,
    email: z.email().meta({ example: 'rui@casas.example' }),
    name: shapes.text('Rui Lopes').nullable(),
    role: shapes.role,
    propertyIds: z.array(shapes.numericId).readonly().nullable().describe('Null for all'),
    invitedAt: shapes.instant,
    expiresAt: shapes.instant,
    isExpired: z
      .boolean()
      .describe('It cannot be accepted any more, and does not count among the users of the plan')
      .meta({ example: false }),
  })
  .meta({ id: 'Invitation' });
export const invitationPage = pageOf(listedInvitation);

interface InvitationRow {
  readonly body: z.output<typeof listedInvitation>;
}

/** The invitations that nobody has accepted, the latest first. */
export class ListInvitations extends Query<Snapshot<InvitationRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListInvitations)
export class ListInvitationsHandler implements IQueryHandler<ListInvitations> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListInvitations): Promise<Snapshot<InvitationRow>> {
    assertMayInvite(principal);
    const { organizationId } = principal;
    return this.reader.read<InvitationRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', i.id, 'email', i.email, 'name', i.name, 'role', i.role, 'propertyIds', i.property_ids,
          'invitedAt', ${instant('i.created_at')}, 'expiresAt', ${instant('i.expires_at')}, 'isExpired', i.expires_at <= now()) as body
        from identity.invitations i
        where i.bucket = ${bucket} and i.organization_id = ${organizationId} and i.accepted_at is null
          and (${before}::uuid is null or i.id < ${before})
        order by i.id desc limit ${limit}`,
    );
  }
}
