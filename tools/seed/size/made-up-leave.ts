import {
  LeaveApproved,
  LeaveRejected,
  LeaveRequested,
  LeaveTypeDefined,
  type Principal,
  type PropertyFacts,
} from '@innkeep/contracts';
import { leaveDecisions, usualRules } from '@innkeep/features/staff';
import { idAt } from './made-up-ids';
import { DAY_MS, type Making, dayText, lastWholeDay, propertiesOf, workers } from './making';

type LeaveRequest = leaveDecisions.LeaveRequest;

/** Somebody's requests follow each other at this distance, so that none meets another. */
const APART_DAYS = 18;
const MOST_DAYS = 5;
const DAYS_AHEAD = 30;
/** In a year; nobody asks for more of it. */
const HOLIDAY_HALF_DAYS = 44;

/** Writes what leave there is, and who has asked for it. */
export function writeLeave(making: Making): void {
  const holiday = defineType(making, 'Holiday', HOLIDAY_HALF_DAYS, 10);
  const sickness = defineType(making, 'Sick leave', null, 0);
  for (const person of workers(making)) askForLeave(making, person, holiday, sickness);
}

function defineType(making: Making, name: string, halfDaysPerYear: number | null, carryOverHalfDays: number): string {
  const { log, rows, tenant, team, now } = making;
  const [leaveTypeId, accrual] = [idAt(now, making), 'yearly' as const];
  const type = { leaveTypeId, name, isPaid: true, halfDaysPerYear, accrual, carryOverHalfDays };
  const version = log.record('leaveType', LeaveTypeDefined(type, { entityId: type.leaveTypeId }), team.owner.userId);
  rows.leaveTypes.add(
    ...tenant,
    type.leaveTypeId,
    name,
    type.isPaid,
    halfDaysPerYear,
    carryOverHalfDays,
    false,
    version,
  );
  return type.leaveTypeId;
}

function askForLeave(making: Making, person: Principal, holiday: string, sickness: string): void {
  const { amounts, choices, now } = making;
  const properties = propertiesOf(making, person);
  const taken = new Map<string, number>();
  // Some have asked for days to come, others were away.
  const last = lastWholeDay(now) + DAYS_AHEAD - choices.between(0, 2) * APART_DAYS;
  for (let n = amounts.leaveOfEach; n > 0; n--) {
    const first = last - n * APART_DAYS + choices.between(0, APART_DAYS - MOST_DAYS);
    const from = dayText(first);
    const wanted = dayText(first + choices.between(0, MOST_DAYS - 1));
    const year = from.slice(0, 4);
    // Each year has a balance of its own, so no request lies in two.
    const to = wanted.startsWith(year) ? wanted : `${year}-12-31`;
    const ofYear = (taken.get(year) ?? 0) + 2 * MOST_DAYS;
    // Drawn in any case, as below: what follows is to depend on the seed and not on the day of the year.
    const isHoliday = choices.happens(0.8) && ofYear <= HOLIDAY_HALF_DAYS;
    if (isHoliday) taken.set(year, ofYear);
    const property = properties[choices.between(0, properties.length - 1)]!;
    writeRequest(making, person, property, { leaveTypeId: isHoliday ? holiday : sickness, from, to });
  }
}

type Span = Pick<LeaveRequest, 'leaveTypeId' | 'from' | 'to'>;

function writeRequest(making: Making, { userId }: Principal, { id: propertyId }: PropertyFacts, span: Span): void {
  const { choices, log, team, now } = making;
  const askedAt = Math.min(now, Date.parse(span.from) - choices.between(0, 20) * DAY_MS);
  const endsAtNoon = choices.happens(0.2) && span.from < span.to;
  const wish = { propertyId, ...span, startsAtNoon: false, endsAtNoon, userId, requestedBy: userId };
  let request = leaveDecisions.requestLeave(idAt(askedAt, making), wish, usualRules, []);
  const about = { propertyId, entityId: request.leaveRequestId };
  const reason = choices.happens(0.5) ? 'My family comes to see me' : null;
  let version = log.record('leaveRequest', LeaveRequested({ ...request, reason }, about), userId);
  const isDecided = choices.happens(0.5) || span.from <= dayText(lastWholeDay(now));
  if (isDecided) {
    const [status, decide] = choices.happens(0.9)
      ? (['approved', LeaveApproved] as const)
      : (['rejected', LeaveRejected] as const);
    request = { ...request, status };
    const decisionReason = status === 'rejected' ? 'Too many are away' : null;
    version = log.record('leaveRequest', decide({ ...request, decisionReason }, about), team.owner.userId);
  }
  addRow(making, request, isDecided ? team.owner.userId : null, version);
}

function addRow({ tenant, rows }: Making, request: LeaveRequest, decidedBy: number | null, version: number): void {
  const { leaveRequestId, userId, propertyId, leaveTypeId, from, to, startsAtNoon, endsAtNoon, halfDays } = request;
  rows.leaveRequests.add(
    ...[...tenant, leaveRequestId, userId, propertyId, leaveTypeId, from, to, startsAtNoon, endsAtNoon, halfDays],
    ...[JSON.stringify(request.months), request.status, request.requestedBy, decidedBy, version],
  );
}
