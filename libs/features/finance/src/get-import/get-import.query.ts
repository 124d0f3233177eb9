import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ImportView } from '../import';
import { importJson } from '../import.store';

interface ImportRow {
  readonly body: ImportView;
}

/** What became of one import. */
export class GetImport extends Query<Snapshot<ImportRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetImport)
export class GetImportHandler implements IQueryHandler<GetImport> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetImport): Promise<Snapshot<ImportRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<ImportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${importJson} as body from finance.imports i
        where i.bucket = ${bucket} and i.organization_id = ${organizationId} and i.id = ${id}::uuid`,
    );
    if (!snapshot.rows[0] || !maySeeProperty(principal, snapshot.rows[0].body.propertyId)) throw notFound('import');
    return snapshot;
  }
}
