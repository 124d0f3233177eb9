import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { reportExportJson } from '../export.sql';
import { assertMayExportReports } from '../exports.policies';
import { type ReportExport, reportExportAnswer } from '../report-export';

export const reportExportPage = pageOf(reportExportAnswer);

interface ReportExportRow {
  readonly body: ReportExport;
}

/** The reports that the caller has asked for as files in the last 30 days, the latest first. */
export class ListReportExports extends Query<Snapshot<ReportExportRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListReportExports)
export class ListReportExportsHandler implements IQueryHandler<ListReportExports> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListReportExports): Promise<Snapshot<ReportExportRow>> {
    assertMayExportReports(principal);
    const { organizationId, userId } = principal;
    return this.reader.read<ReportExportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${reportExportJson} as body from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is not null and e.asked_by = ${userId}
          and (${before}::uuid is null or e.id < ${before})
        order by e.id desc limit ${limit}`,
    );
  }
}
