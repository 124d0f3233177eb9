import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Correction } from './correction';

interface CorrectionRow {
  id: string;
  shift_id: string | null;
  user_id: string;
  property_id: string;
  started_at: Date;
  ended_at: Date;
  status: Correction['status'];
  requested_by: string;
}

/** Load with lock, and save, of corrections. */
@Injectable()
export class CorrectionStore {
  /** A correction, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<Correction | undefined> {
    const [row] = await unit.query<CorrectionRow>(
      `select id, shift_id, user_id, property_id, started_at, ended_at, status, requested_by from staff.corrections
       where bucket = $1 and organization_id = $2 and id = $3 for no key update`,
      [unit.bucket, unit.organizationId, id],
    );
    return (
      row && {
        correctionId: row.id,
        shiftId: row.shift_id,
        userId: Number(row.user_id),
        propertyId: Number(row.property_id),
        startedAt: row.started_at.toISOString(),
        endedAt: row.ended_at.toISOString(),
        status: row.status,
        requestedBy: Number(row.requested_by),
      }
    );
  }

  add(unit: OrganizationTransaction, correction: Correction): void {
    unit.write(sql`
      insert into staff.corrections (bucket, organization_id, id, shift_id, user_id, property_id, started_at, ended_at, status, requested_by, version)
      values (${unit.bucket}, ${unit.organizationId}, ${correction.correctionId}, ${correction.shiftId}, ${correction.userId},
        ${correction.propertyId}, ${correction.startedAt}, ${correction.endedAt}, ${correction.status}, ${correction.requestedBy},
        (select version from head))`);
  }

  decide(unit: OrganizationTransaction, id: string, status: Correction['status'], decidedBy: number): void {
    unit.write(sql`
      update staff.corrections set status = ${status}, decided_by = ${decidedBy}, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${id}`);
  }
}
