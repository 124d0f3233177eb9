import { rawSql } from '@innkeep/platform/database';

/** A kind of leave as clients see it, from row `t` of `staff.leave_types`. */
export const leaveTypeJson = rawSql(`json_build_object('id', t.id, 'name', t.name, 'isPaid', t.is_paid,
  'daysPerYear', t.half_days_per_year / 2.0, 'accrual', t.accrual, 'carryOverDays', t.carry_over_half_days / 2.0, 'isRetired', t.is_retired)`);
