import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { monthParameter, notFound, shapes, yearParameter } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Balance, type Entitlement, type LeaveHad, type Month, balanceOf, monthOf } from '../leave-balance';
import { leaveHad } from '../leave-had.sql';
import { userIdParameter } from '../list-attendance/list-attendance.query';
import { days, leaveAccrual } from '../staff.answers';

export const leaveBalancesQuery = z.strictObject({
  year: yearParameter,
  month: monthParameter
    .optional()
    .describe('What there is by this month, from 1 for January; by default the one it is, and of other years the last'),
  userId: userIdParameter.optional().describe('By default yours'),
});

/** How somebody stands with one leave. */
const leaveBalance = z
  .object({
    leaveTypeId: shapes.uuidId,
    name: shapes.text('Holiday'),
    entitledDays: days
      .nullable()
      .describe('What everybody has in a year; null: there is no limit')
      .meta({ example: 22 }),
    accrual: leaveAccrual,
    accruedDays: days
      .nullable()
      .describe('What of them is there by the month; null: there is no limit')
      .meta({ example: 16.5 }),
    carriedDays: days.describe('Left of the year before').meta({ example: 3 }),
    grantedDays: days.describe('More or less than everybody has').meta({ example: 0 }),
    takenDays: days.describe('Approved').meta({ example: 5.5 }),
    pendingDays: days.describe('Asked for').meta({ example: 1 }),
    remainingDays: days
      .nullable()
      .describe('What can still be asked for, of leave that begins in the month')
      .meta({ example: 13 }),
  })
  .meta({ id: 'LeaveBalance' });
export const leaveBalancesAnswer = z.object({
  userId: shapes.numericId,
  year: z.int().meta({ example: 2026 }),
  month: z.int().meta({ example: 9 }),
  balances: z.array(leaveBalance),
});

interface BalancesRow {
  readonly body: z.output<typeof leaveBalancesAnswer>;
}

interface PartsRow {
  readonly joinedOn: string;
  readonly types: (Entitlement & { readonly id: string; readonly name: string; readonly isRetired: boolean })[];
  readonly had: (LeaveHad & { readonly leaveTypeId: string })[];
}

/** How a person stands with every leave in a month of a year. */
export class ListLeaveBalances extends Query<Snapshot<BalancesRow>> {
  constructor(
    readonly principal: Principal,
    readonly userId: number,
    readonly at: Month,
    readonly minPosition: number,
  ) {
    super();
  }
}

const viewOf = ({ entitled, accrued, carried, granted, taken, pending, remaining }: Balance) => ({
  entitledDays: entitled === null ? null : entitled / 2,
  accruedDays: accrued === null ? null : accrued / 2,
  carriedDays: carried / 2,
  grantedDays: granted / 2,
  takenDays: taken / 2,
  pendingDays: pending / 2,
  remainingDays: remaining === null ? null : remaining / 2,
});

@QueryHandler(ListLeaveBalances)
export class ListLeaveBalancesHandler implements IQueryHandler<ListLeaveBalances> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, userId, at, minPosition }: ListLeaveBalances): Promise<Snapshot<BalancesRow>> {
    const { organizationId, role, properties } = principal;
    const isOwn = userId === principal.userId;
    if (role === 'staff' && !isOwn) throw notFound('member');
    const seen =
      isOwn || properties === 'all'
        ? sql``
        : sql`and (p.property_ids is null or p.property_ids && ${properties}::bigint[])`;
    const { rows, ...freshness } = await this.reader.read<PartsRow>(
      { organizationId, minPosition, projections: ['staff_people'], readsState: true },
      ({ bucket }) => sql`
        select p.joined_on::text as "joinedOn",
          (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name, 'isRetired', t.is_retired, 'halfDaysPerYear', t.half_days_per_year,
            'accrual', t.accrual, 'carryOverHalfDays', t.carry_over_half_days) order by t.id), '[]') from staff.leave_types t
            where t.bucket = p.bucket and t.organization_id = p.organization_id) as types,
          (select coalesce(json_agg(had), '[]') from (${leaveHad({ bucket, organizationId }, userId)}) had) as had
        from staff.people p
        where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.user_id = ${userId} ${seen}`,
    );
    if (!rows[0]) throw notFound('member');
    const { types, had, joinedOn } = rows[0];
    const balances = types.flatMap(({ id, name, isRetired, ...entitlement }) => {
      const hadOfIt = had.filter(({ leaveTypeId }) => leaveTypeId === id);
      if (isRetired && !hadOfIt.some((one) => one.year === at.year)) return [];
      const balance = balanceOf(entitlement, hadOfIt, monthOf(joinedOn), at);
      return [{ leaveTypeId: id, name, accrual: entitlement.accrual, ...viewOf(balance) }];
    });
    return { ...freshness, rows: [{ body: { userId, ...at, balances } }] };
  }
}
