import type { PropertyFacts } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { tooManyExports } from './exports.problems';
import { type ReportExport, UNDER_WAY } from './report-export';

/** The file of a report, as far as a link to it goes. */
export interface LinkableReport {
  readonly isReady: boolean;
  readonly propertyId: number;
}

/** Reports as they are asked for. */
@Injectable()
export class ReportExportStore {
  /** Refuses if too many are under way. Two who ask at once may be one too many, which harms nobody. */
  async assertRoom(transaction: OrganizationTransaction): Promise<void> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ count: string }>(sql`
      select count(*) as count from exports.exports e
      where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is not null and e.status in ('waiting', 'making')`);
    if (Number(row!.count) >= UNDER_WAY) throw tooManyExports();
  }

  add(transaction: OrganizationTransaction, asked: ReportExport, property: PropertyFacts): void {
    const { bucket, organizationId } = transaction;
    const { id, askedBy, askedAt, report, format, from, to } = asked;
    transaction.write(sql`
      insert into exports.exports (bucket, organization_id, id, asked_by, asked_at, report, format, property_id, property_name, from_on, to_on,
        asked_version)
      values (${bucket}, ${organizationId}, ${id}, ${askedBy}, ${askedAt}, ${report}, ${format}, ${property.id}, ${property.name}, ${from}, ${to},
        (select version from head))`);
  }

  /** Undefined if whoever asks has not asked for it. */
  async load(transaction: OrganizationTransaction, id: string, askedBy: number): Promise<LinkableReport | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ isReady: boolean; propertyId: string }>(sql`
      select e.status = 'ready' and e.expires_at > now() as "isReady", e.property_id as "propertyId" from exports.exports e
      where e.bucket = ${bucket} and e.organization_id = ${organizationId} and e.report is not null and e.id = ${id} and e.asked_by = ${askedBy}`);
    return row && { isReady: row.isReady, propertyId: Number(row.propertyId) };
  }
}
