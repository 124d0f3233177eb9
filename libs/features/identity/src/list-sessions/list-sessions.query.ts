import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { instant } from '../user.sql';

export const listSessionsQuery = z.strictObject({
  ...pageParameters,
});

/** A session as its user sees it. */
export const listedSession = z
  .object({
    id: shapes.uuidId,
    userAgent: shapes.text('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0').nullable(),
    createdAt: shapes.instant,
    lastUsedAt: shapes.instant,
    expiresAt: shapes.instant,
    isCurrent: z.boolean().describe('Whether it is the one that asks'),
  })
  .meta({ id: 'Session' });
export const sessionPage = pageOf(listedSession);

interface SessionRow {
  readonly body: z.output<typeof listedSession>;
}

/** The caller's sessions that go on, the latest first. */
export class ListSessions extends Query<Snapshot<SessionRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListSessions)
export class ListSessionsHandler implements IQueryHandler<ListSessions> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListSessions): Promise<Snapshot<SessionRow>> {
    const { organizationId, userId, sessionId = null } = principal;
    return this.reader.read<SessionRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', s.id, 'userAgent', s.user_agent, 'createdAt', ${instant('s.created_at')},
          'lastUsedAt', ${instant('s.last_used_at')}, 'expiresAt', ${instant('s.expires_at')}, 'isCurrent', s.id is not distinct from ${sessionId}::uuid) as body
        from identity.sessions s
        where s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.user_id = ${userId}
          and s.revoked_at is null and s.expires_at > now() and (${before}::uuid is null or s.id < ${before})
        order by s.id desc limit ${limit}`,
    );
  }
}
