import { Reader, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Grant } from '../download-links';
import { fileOf } from '../export';

/** The name of the file that a link leads to; undefined if it leads to none any more. */
export class GetFile extends Query<string | undefined> {
  constructor(readonly grant: Grant) {
    super();
  }
}

@QueryHandler(GetFile)
export class GetFileHandler implements IQueryHandler<GetFile> {
  constructor(private readonly reader: Reader) {}

  async execute({ grant: { principal, exportId } }: GetFile): Promise<string | undefined> {
    const { organizationId, userId, permissionEpoch, sessionId = null } = principal;
    // Revocations are kept for as long as a link is good: what has ended since the link was made is found.
    const { rows } = await this.reader.read(
      { organizationId },
      ({ bucket }) => sql`
        select 1 from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.id = ${exportId}
          and e.status = 'ready' and e.expires_at > now()
          and not exists (select from http.revocations r
            where r.bucket = e.bucket and r.organization_id = e.organization_id and r.user_id = ${userId}
              and (r.session_id = ${sessionId} or r.permission_epoch > ${permissionEpoch}))`,
    );
    return rows.length > 0 ? fileOf(organizationId, exportId) : undefined;
  }
}
