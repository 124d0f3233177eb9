import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Export } from './export';
import { exportJson } from './export.sql';

/** Exports as they are asked for. */
@Injectable()
export class ExportStore {
  /** The export that is under way, if there is one. Who else asks for one waits to the end of this transaction. */
  async underWay(transaction: OrganizationTransaction): Promise<Export | undefined> {
    const { bucket, organizationId } = transaction;
    // A row that is not there cannot be locked. Two asks at once are one: the second finds what the first has written.
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended(${`export:${organizationId}`}, 0))`);
    const [row] = await transaction.query<{ body: Export }>(sql`
      select ${exportJson} as body from exports.exports e
      where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is null and e.status in ('waiting', 'making')`);
    return row?.body;
  }

  add(transaction: OrganizationTransaction, { id, askedBy, askedAt, progress }: Export): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      insert into exports.exports (bucket, organization_id, id, asked_by, asked_at, tables)
      values (${bucket}, ${organizationId}, ${id}, ${askedBy}, ${askedAt}, ${progress.tables})`);
  }

  /** Whether the file of an export is there, and for how long; undefined if there is no such export. */
  async load(transaction: OrganizationTransaction, id: string): Promise<{ isReady: boolean } | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ isReady: boolean }>(sql`
      select e.status = 'ready' and e.expires_at > now() as "isReady" from exports.exports e
      where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is null and e.id = ${id}`);
    return row;
  }
}
