import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { LeaveType } from './leave-type';

interface TypeRow {
  id: string;
  name: string;
  is_paid: boolean;
  half_days_per_year: number | null;
  accrual: LeaveType['accrual'];
  carry_over_half_days: number;
  version: string;
}

/** Load with lock, and save, of kinds of leave. */
@Injectable()
export class LeaveTypeStore {
  /** A leave that can be asked for. Shared: it is not retired while somebody asks for it, and many ask at once. */
  async find(unit: OrganizationTransaction, id: string): Promise<LeaveType | undefined> {
    return (await this.select(unit, id, 'and not is_retired for share'))?.type;
  }

  /** The same, also of one that nobody can ask for any more: what was asked for before can still be approved. */
  async findEver(unit: OrganizationTransaction, id: string): Promise<LeaveType | undefined> {
    return (await this.select(unit, id, ''))?.type;
  }

  /** A leave that can be asked for, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<{ type: LeaveType; version: number } | undefined> {
    return this.select(unit, id, 'and not is_retired for no key update');
  }

  private async select(unit: OrganizationTransaction, id: string, how: string) {
    const [row] = await unit.query<TypeRow>(
      `select id, name, is_paid, half_days_per_year, accrual, carry_over_half_days, version from staff.leave_types
       where bucket = $1 and organization_id = $2 and id = $3 ${how}`,
      [unit.bucket, unit.organizationId, id],
    );
    return (
      row && {
        type: {
          leaveTypeId: row.id,
          name: row.name,
          isPaid: row.is_paid,
          halfDaysPerYear: row.half_days_per_year,
          accrual: row.accrual,
          carryOverHalfDays: row.carry_over_half_days,
        },
        version: Number(row.version),
      }
    );
  }

  add(unit: OrganizationTransaction, type: LeaveType): void {
    unit.write(sql`
      insert into staff.leave_types (bucket, organization_id, id, name, is_paid, half_days_per_year, accrual, carry_over_half_days, is_retired,
        version)
      values (${unit.bucket}, ${unit.organizationId}, ${type.leaveTypeId}, ${type.name}, ${type.isPaid}, ${type.halfDaysPerYear}, ${type.accrual},
        ${type.carryOverHalfDays}, false, (select version from head))`);
  }

  save(unit: OrganizationTransaction, type: LeaveType, isRetired = false): void {
    unit.write(sql`
      update staff.leave_types set name = ${type.name}, is_paid = ${type.isPaid}, half_days_per_year = ${type.halfDaysPerYear},
        accrual = ${type.accrual}, carry_over_half_days = ${type.carryOverHalfDays}, is_retired = ${isRetired}, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${type.leaveTypeId}`);
  }
}
