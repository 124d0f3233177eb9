import type { LeaveSnapshot } from '@innkeep/contracts';
import { type LeaveSpan, type WorkingDays, assertSpan, countedMonths, isOverlapping, sumOf } from './leave-days';
import type { LeaveView } from './staff.answers';
import { refuse } from './staff.problems';

/** A leave request of the write model is what its events say of it. */
export type LeaveRequest = LeaveSnapshot;

/** Who asks for whose leave, and where that one is missed. */
export interface LeaveWish extends LeaveSpan {
  readonly userId: number;
  readonly propertyId: number;
  readonly leaveTypeId: string;
  readonly requestedBy: number;
}

/** A new request, pending until somebody approves it. */
export function requestLeave(
  leaveRequestId: string,
  wish: LeaveWish,
  workingDays: WorkingDays,
  others: readonly LeaveSpan[],
): LeaveRequest {
  assertSpan(wish);
  const months = countedMonths(wish, workingDays);
  if (months.length === 0)
    throw refuse('leave-without-days', 'The property counts no leave on these days.', [
      { pointer: '/from', detail: 'begins no working day' },
    ]);
  const other = others.find((one) => isOverlapping(one, wish));
  if (other)
    throw refuse('leave-overlaps', `Leave from ${other.from} to ${other.to} is asked for or approved already.`, [
      { pointer: '/from', detail: 'overlaps' },
    ]);
  return { leaveRequestId, ...wish, halfDays: sumOf(months), months, status: 'pending' };
}

/** The request without what it is not going to be taken. People take back what has not begun; managers also what has. */
export function cancelLeave(request: LeaveRequest, today: string, mayCancelBegun: boolean): LeaveRequest | undefined {
  if (request.status === 'cancelled') return undefined;
  if (request.status === 'rejected') throw refuse('leave-not-cancellable', 'It was rejected.');
  if (request.status === 'approved' && request.from <= today && !mayCancelBegun)
    throw refuse('leave-not-cancellable', 'It has begun: a manager can cancel it.');
  return { ...request, status: 'cancelled' };
}

/** A leave request as clients see it. */
export const leaveView = ({ leaveRequestId, halfDays, months: _, ...rest }: LeaveRequest): LeaveView => ({
  id: leaveRequestId,
  ...rest,
  days: halfDays / 2,
});
