import { subjects } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { eraseSubject } from '@innkeep/platform/privacy';
import { Injectable } from '@nestjs/common';

/** How long it is kept where somebody was, in days from the end of the month. */
const KEPT_DAYS = 90;

/** Of which months it is known where somebody was. The places themselves are in the log, sealed for that month. */
@Injectable()
export class LocationStore {
  /** Notes that it is known where somebody was in a month, `YYYY-MM`. */
  keep(unit: OrganizationTransaction, userId: number, month: string): void {
    const end = new Date(`${month}-01T00:00:00Z`);
    end.setUTCMonth(end.getUTCMonth() + 1);
    end.setUTCDate(end.getUTCDate() + KEPT_DAYS);
    unit.write(sql`
      insert into staff.location_months (bucket, organization_id, user_id, month, forget_at)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${userId}::bigint, ${month}::text, ${end.toISOString()}::timestamptz from head
      on conflict do nothing`);
  }

  /** Whether it is known; locked, so that of two who are to forget it the second finds nothing. */
  async isKept(unit: OrganizationTransaction, userId: number, month: string): Promise<boolean> {
    const rows = await unit.query(
      'select from staff.location_months where bucket = $1 and organization_id = $2 and user_id = $3 and month = $4 for update',
      [unit.bucket, unit.organizationId, userId, month],
    );
    return rows.length > 0;
  }

  /** Destroys the key of the month, so that nobody reads again where the person was. */
  forget(unit: OrganizationTransaction, userId: number, month: string): void {
    eraseSubject(unit, subjects.location(userId, month));
    unit.write(sql`
      delete from staff.location_months where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and user_id = ${userId}
        and month = ${month} and exists (select from head)`);
  }
}
