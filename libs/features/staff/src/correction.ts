import type { CorrectionView } from './staff.answers';
import { refuse } from './staff.problems';
import type { Shift, ShiftTimes } from './shift';

/** A correction of the write model. */
export interface Correction extends ShiftTimes {
  readonly correctionId: string;
  readonly shiftId: string | null;
  readonly userId: number;
  readonly propertyId: number;
  readonly status: 'pending' | 'approved' | 'rejected';
  readonly requestedBy: number;
}

export interface Decision {
  readonly decision: 'approved' | 'rejected';
  readonly reason?: string;
}

/** Whether a decision changes anything: the same again does not, another one is refused. */
export function isNewDecision({ status }: { readonly status: string }, { decision }: Decision): boolean {
  if (status === decision) return false;
  if (status !== 'pending') throw refuse('staff-request-decided', `It is ${status}; that is not taken back.`);
  return true;
}

/** Refuses to correct a shift that is still going on. */
export function assertEnded(shift: Shift): void {
  if (shift.endedAt === null) throw refuse('shift-open', 'Check out first, then have it corrected.');
}

/** What of a shift counted before it was corrected. */
export const countedOf = ({ businessDay, workedSeconds, lateMinutes, isForgotten }: Shift) => ({
  businessDay,
  workedSeconds,
  lateMinutes,
  isForgotten,
});

/** What events carry of a correction. */
export const correctionFacts = ({ status: _, ...facts }: Correction) => facts;

/** A correction as clients see it. */
export const correctionView = ({ correctionId, ...rest }: Correction): CorrectionView => ({
  id: correctionId,
  ...rest,
});
