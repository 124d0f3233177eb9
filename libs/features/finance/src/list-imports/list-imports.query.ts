import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type ImportView, importAnswer } from '../import';
import { importJson } from '../import.store';

export const listImportsQuery = z.strictObject({ ...pageParameters });
export const importPage = pageOf(importAnswer);

interface ImportRow {
  readonly body: ImportView;
}

/** The imports into properties that the caller may see, the latest first. */
export class ListImports extends Query<Snapshot<ImportRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListImports)
export class ListImportsHandler implements IQueryHandler<ListImports> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, before, limit, minPosition }: ListImports): Promise<Snapshot<ImportRow>> {
    const { organizationId, properties } = principal;
    return this.reader.read<ImportRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${importJson} as body from finance.imports i
        where i.bucket = ${bucket} and i.organization_id = ${organizationId} and (${before}::uuid is null or i.id < ${before})
          ${properties === 'all' ? sql`` : sql`and i.property_id = any (${properties}::bigint[])`}
        order by i.id desc limit ${limit}`,
    );
  }
}
