import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Export } from '../export';
import { exportJson } from '../export.sql';
import { assertMayExport } from '../exports.policies';

interface ExportRow {
  readonly body: Export;
}

/** One export, and how far it is. */
export class GetExport extends Query<Snapshot<ExportRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetExport)
export class GetExportHandler implements IQueryHandler<GetExport> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetExport): Promise<Snapshot<ExportRow>> {
    assertMayExport(principal);
    const { organizationId } = principal;
    const snapshot = await this.reader.read<ExportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${exportJson} as body from exports.exports e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is null and e.id = ${id}`,
    );
    if (!snapshot.rows[0]) throw notFound('export');
    return snapshot;
  }
}
