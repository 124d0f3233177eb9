import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Shift } from './shift';

interface ShiftRow {
  id: string;
  user_id: string;
  property_id: string;
  business_on: string;
  started_at: Date;
  ended_at: Date | null;
  closes_at: Date;
  worked_seconds: number;
  late_minutes: number | null;
  is_forgotten: boolean;
  is_corrected: boolean;
  began_inside: boolean | null;
  ended_inside: boolean | null;
}

const toShift = (row: ShiftRow): Shift => ({
  shiftId: row.id,
  userId: Number(row.user_id),
  propertyId: Number(row.property_id),
  businessDay: row.business_on,
  startedAt: row.started_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  workedSeconds: row.worked_seconds,
  lateMinutes: row.late_minutes,
  isForgotten: row.is_forgotten,
  isCorrected: row.is_corrected,
  beganInside: row.began_inside,
  endedInside: row.ended_inside,
  closesAt: row.closes_at.toISOString(),
});

const columns = `id, user_id, property_id, business_on::text as business_on, started_at, ended_at, closes_at, worked_seconds, late_minutes,
  is_forgotten, is_corrected, began_inside, ended_inside`;

/** Load with lock, and save, of shifts. */
@Injectable()
export class ShiftStore {
  /** A shift, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<Shift | undefined> {
    const rows = await unit.query<ShiftRow>(
      `select ${columns} from staff.shifts where bucket = $1 and organization_id = $2 and id = $3 for no key update`,
      [unit.bucket, unit.organizationId, id],
    );
    return rows[0] && toShift(rows[0]);
  }

  /** The shift that somebody is at, locked: of two requests that end it, the second finds it ended. */
  async loadOpen(unit: OrganizationTransaction, userId: number): Promise<Shift | undefined> {
    const rows = await unit.query<ShiftRow>(
      `select ${columns} from staff.shifts where bucket = $1 and organization_id = $2 and user_id = $3 and ended_at is null for no key update`,
      [unit.bucket, unit.organizationId, userId],
    );
    return rows[0] && toShift(rows[0]);
  }

  /** What else somebody worked between two moments. Nothing runs longer than 48 hours, so nothing older can reach there. */
  async findAround(
    unit: OrganizationTransaction,
    userId: number,
    { startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string },
  ): Promise<Shift[]> {
    const rows = await unit.query<ShiftRow>(
      `select ${columns} from staff.shifts where bucket = $1 and organization_id = $2 and user_id = $3
         and started_at < $5 and started_at > $4::timestamptz - interval '49 hours' order by started_at`,
      [unit.bucket, unit.organizationId, userId, startedAt, endedAt],
    );
    return rows.map(toShift);
  }

  add(unit: OrganizationTransaction, shift: Shift): void {
    unit.write(sql`
      insert into staff.shifts (bucket, organization_id, id, user_id, property_id, business_on, started_at, ended_at, closes_at, worked_seconds,
        late_minutes, is_forgotten, is_corrected, began_inside, ended_inside, version)
      values (${unit.bucket}, ${unit.organizationId}, ${shift.shiftId}, ${shift.userId}, ${shift.propertyId}, ${shift.businessDay},
        ${shift.startedAt}, ${shift.endedAt}, ${shift.closesAt}, ${shift.workedSeconds}, ${shift.lateMinutes}, ${shift.isForgotten},
        ${shift.isCorrected}, ${shift.beganInside}, ${shift.endedInside}, (select version from head))`);
  }

  save(unit: OrganizationTransaction, shift: Shift): void {
    unit.write(sql`
      update staff.shifts set business_on = ${shift.businessDay}, started_at = ${shift.startedAt}, ended_at = ${shift.endedAt},
        worked_seconds = ${shift.workedSeconds}, late_minutes = ${shift.lateMinutes}, is_forgotten = ${shift.isForgotten},
        is_corrected = ${shift.isCorrected}, began_inside = ${shift.beganInside}, ended_inside = ${shift.endedInside},
        version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${shift.shiftId}`);
  }
}
