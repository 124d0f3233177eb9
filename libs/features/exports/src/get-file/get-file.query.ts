import { Reader, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Grant } from '../download-links';
import { type ReportFormat } from '@innkeep/contracts';
import { fileOf, reportFileOf } from '../export';

/** A file that a link leads to: where it is kept, and of a report what it is of. */
export interface LinkedFile {
  readonly name: string;
  readonly report?: ReportFile;
}

/** What the file of a report is called after. */
export interface ReportFile {
  readonly report: string;
  readonly format: ReportFormat;
  readonly propertyId: number;
  readonly from: string;
  readonly to: string;
  readonly position: number;
}

/** The file that a link leads to; undefined if it leads to none any more. */
export class GetFile extends Query<LinkedFile | undefined> {
  constructor(readonly grant: Grant) {
    super();
  }
}

@QueryHandler(GetFile)
export class GetFileHandler implements IQueryHandler<GetFile> {
  constructor(private readonly reader: Reader) {}

  async execute({ grant: { principal, exportId } }: GetFile): Promise<LinkedFile | undefined> {
    const { organizationId, userId, permissionEpoch, sessionId = null } = principal;
    // Revocations are kept for as long as a link is good: what has ended since the link was made is found.
    const { rows } = await this.reader.read<{ report: ReportFile | null }>(
      { organizationId },
      ({ bucket }) => sql`
        select case when e.report is not null then json_build_object('report', e.report, 'format', e.format, 'propertyId', e.property_id,
          'from', e.from_on, 'to', e.to_on, 'position', e.position) end as report from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.id = ${exportId}
          and e.status = 'ready' and e.expires_at > now()
          and not exists (select from http.revocations r
            where r.bucket = e.bucket and r.organization_id = e.organization_id and r.user_id = ${userId}
              and (r.session_id = ${sessionId} or r.permission_epoch > ${permissionEpoch}))`,
    );
    if (!rows[0]) return undefined;
    const { report } = rows[0];
    return report
      ? { name: reportFileOf(organizationId, exportId, report.format), report }
      : { name: fileOf(organizationId, exportId) };
  }
}
