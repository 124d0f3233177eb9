import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';

export const staffProblems = defineProblems({
  'already-checked-in': [409, 'You are checked in already'],
  'not-checked-in': [409, 'You are not checked in'],
  'location-required': [422, 'The property asks where you are'],
  'location-inaccurate': [422, 'Your location is not accurate enough'],
  'outside-geofence': [422, 'You are not at the property'],
  'shift-open': [409, 'The shift has not ended yet'],
  'shift-times-invalid': [422, 'These cannot be the times of a shift'],
  'shifts-overlap': [409, 'The person worked another shift at that time'],
  'correction-pending': [409, 'A correction of the shift waits to be decided'],
  'staff-request-decided': [409, 'It has been decided already'],
  'member-unknown': [422, 'The member does not exist or is not yours to see'],
  'leave-type-unknown': [422, 'There is no such leave to be asked for'],
  'leave-type-name-taken': [409, 'There is a leave by this name'],
  'leave-overlaps': [409, 'The person has asked for leave at that time'],
  'leave-without-days': [422, 'No working day is in it'],
  'leave-crosses-years': [422, 'A leave lies in one year'],
  'leave-balance-exceeded': [409, 'That is more leave than is left'],
  'leave-not-cancellable': [409, 'The leave cannot be cancelled any more'],
});

const refusals = { ...httpProblems, ...staffProblems };

/** A refusal, and where in the request it lies. */
export const refuse = (name: keyof typeof refusals, detail: string, errors?: readonly FieldError[]) =>
  new DomainError(refusals[name], detail, { errors });

/** Also what a second open shift runs into at the database. */
export const alreadyCheckedIn = () =>
  refuse('already-checked-in', 'Check out first. A shift that somebody forgot to end is closed after a while.');

export const correctionPending = () =>
  refuse('correction-pending', 'Wait until a manager has decided on the one that there is.');

export const leaveTypeNameTaken = () =>
  refuse('leave-type-name-taken', 'Use another name, or the leave that there is.', [
    { pointer: '/name', detail: 'is taken' },
  ]);

export const leaveTypeUnknown = () =>
  refuse('leave-type-unknown', 'Use the id of a leave that GET /v1/staff/leave-types lists and that is not retired.', [
    { pointer: '/leaveTypeId', detail: 'is no leave' },
  ]);
