import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Export, exportAnswer } from '../export';
import { exportJson } from '../export.sql';
import { assertMayExport } from '../exports.policies';

export const listExportsQuery = z.strictObject({ ...pageParameters });
export const exportPage = pageOf(exportAnswer);

interface ExportRow {
  readonly body: Export;
}

/** The organization's exports of the last 30 days, the latest first. */
export class ListExports extends Query<Snapshot<ExportRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListExports)
export class ListExportsHandler implements IQueryHandler<ListExports> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListExports): Promise<Snapshot<ExportRow>> {
    assertMayExport(principal);
    const { organizationId } = principal;
    return this.reader.read<ExportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${exportJson} as body from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is null and (${before}::uuid is null or e.id < ${before})
        order by e.id desc limit ${limit}`,
    );
  }
}
