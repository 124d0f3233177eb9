import { label } from '@innkeep/contracts';
import { z } from 'zod';
import type { Entitlement } from './leave-balance';
import { halfDays } from './leave-days';
import { type LeaveTypeView, leaveAccrual } from './staff.answers';

/** A kind of leave of the write model. */
export interface LeaveType extends Entitlement {
  readonly leaveTypeId: string;
  readonly name: string;
  readonly isPaid: boolean;
}

const particulars = {
  name: label(100),
  isPaid: z.boolean(),
  daysPerYear: halfDays(0, 366).nullable().describe('What everybody has in a year; null: as much as is approved'),
  accrual: leaveAccrual,
  carryOverDays: halfDays(0, 366).describe('So much of what is left goes into the next year at most'),
};

/** What an owner gives to define a leave. */
export const leaveTypeBody = z
  .strictObject({
    ...particulars,
    isPaid: particulars.isPaid.default(true),
    daysPerYear: particulars.daysPerYear.default(null),
    accrual: particulars.accrual.default('yearly'),
    carryOverDays: particulars.carryOverDays.default(0),
  })
  .meta({ example: { name: 'Holiday', isPaid: true, daysPerYear: 22, accrual: 'monthly', carryOverDays: 5 } });

/** What of it can be changed. */
export const leaveTypeChanges = z
  .strictObject(particulars)
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change')
  .meta({ minProperties: 1, example: { daysPerYear: 24 } });
export type LeaveTypeChanges = z.output<typeof leaveTypeChanges>;

/** The leave with other particulars. */
export function changeLeaveType(type: LeaveType, { daysPerYear, carryOverDays, ...rest }: LeaveTypeChanges): LeaveType {
  return {
    ...type,
    ...rest,
    ...(daysPerYear !== undefined && { halfDaysPerYear: daysPerYear === null ? null : daysPerYear * 2 }),
    ...(carryOverDays !== undefined && { carryOverHalfDays: carryOverDays * 2 }),
  };
}

/** A leave as clients see it. */
export const leaveTypeView = (type: LeaveType, isRetired = false): LeaveTypeView => ({
  id: type.leaveTypeId,
  name: type.name,
  isPaid: type.isPaid,
  daysPerYear: type.halfDaysPerYear === null ? null : type.halfDaysPerYear / 2,
  accrual: type.accrual,
  carryOverDays: type.carryOverHalfDays / 2,
  isRetired,
});
