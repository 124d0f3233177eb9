import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { reportExportJson } from '../export.sql';
import { assertMayExportReports } from '../exports.policies';
import type { ReportExport } from '../report-export';

interface ReportExportRow {
  readonly body: ReportExport;
}

/** One report that the caller has asked for as a file, and how far that is. */
export class GetReportExport extends Query<Snapshot<ReportExportRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetReportExport)
export class GetReportExportHandler implements IQueryHandler<GetReportExport> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetReportExport): Promise<Snapshot<ReportExportRow>> {
    assertMayExportReports(principal);
    const { organizationId, userId } = principal;
    const snapshot = await this.reader.read<ReportExportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${reportExportJson} as body from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is not null and e.id = ${id} and e.asked_by = ${userId}`,
    );
    if (!snapshot.rows[0]) throw notFound('export');
    return snapshot;
  }
}
