import { type OrganizationTransaction, rawSql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { ImportView } from './import';

/** An import as clients see it, from the row `i`. */
export const importJson =
  rawSql(`json_build_object('id', i.id, 'kind', i.kind, 'propertyId', i.property_id, 'rowCount', i.row_count,
  'recordedCount', i.recorded_count, 'knownCount', i.known_count, 'sha256', i.sha256, 'importedBy', i.imported_by,
  'importedAt', to_char(i.imported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`);

/** The imports that were made. */
@Injectable()
export class ImportStore {
  add(unit: OrganizationTransaction, made: ImportView): void {
    unit.write(sql`
      insert into finance.imports (bucket, organization_id, id, kind, property_id, row_count, recorded_count, known_count, sha256, imported_by,
        imported_at, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${made.id}::uuid, ${made.kind}, ${made.propertyId}::bigint,
        ${made.rowCount}::integer, ${made.recordedCount}::integer, ${made.knownCount}::integer, ${made.sha256}, ${made.importedBy}::bigint,
        ${made.importedAt}::timestamptz, head.version from head`);
  }
}
