import {
  CorrectionRejected,
  CorrectionRequested,
  LeaveApproved,
  LeaveCancelled,
  LeaveRejected,
  LeaveRequested,
  LeaveTypeChanged,
  LeaveTypeDefined,
  LeaveTypeRetired,
  type RecordedEvent,
  ShiftClosed,
  ShiftCorrected,
  ShiftEnded,
  ShiftStarted,
  type Subject,
  SubjectErased,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AttendanceController } from './attendance.controller';
import { attendanceMonths } from './attendance-months/attendance-months.projection';
import { attendance } from './attendance/attendance.projection';
import { CancelLeaveHandler } from './cancel-leave/cancel-leave.handler';
import { ChangeLeaveTypeHandler } from './change-leave-type/change-leave-type.handler';
import { CheckInHandler } from './check-in/check-in.handler';
import { CheckOutHandler } from './check-out/check-out.handler';
import { CloseForgottenShiftHandler } from './close-forgotten-shift/close-forgotten-shift.handler';
import { correctionList } from './correction-list/correction-list.projection';
import { CorrectionStore } from './correction.store';
import { CorrectionsController } from './corrections.controller';
import { DecideCorrectionHandler } from './decide-correction/decide-correction.handler';
import { DecideLeaveHandler } from './decide-leave/decide-leave.handler';
import { DefineLeaveTypeHandler } from './define-leave-type/define-leave-type.handler';
import { ForgetPlacesHandler } from './forget-places/forget-places.handler';
import { GetLeaveTypeHandler } from './get-leave-type/get-leave-type.query';
import { GetStaffRulesHandler } from './get-rules/get-rules.query';
import { GetShiftHandler } from './get-shift/get-shift.query';
import { GrantLeaveHandler } from './grant-leave/grant-leave.handler';
import { LeaveBalances } from './leave-balances.store';
import { leaveList } from './leave-list/leave-list.projection';
import { leaveMonths } from './leave-months/leave-months.projection';
import { LeaveRequestsController } from './leave-requests.controller';
import { LeaveTypeStore } from './leave-type.store';
import { LeaveTypesController } from './leave-types.controller';
import { LeaveController } from './leave.controller';
import { LeaveStore } from './leave.store';
import { ListAttendanceStatisticsHandler } from './list-attendance-statistics/list-attendance-statistics.query';
import { ListAttendanceHandler } from './list-attendance/list-attendance.query';
import { ListCorrectionsHandler } from './list-corrections/list-corrections.query';
import { ListLeaveBalancesHandler } from './list-leave-balances/list-leave-balances.query';
import { ListLeaveRequestsHandler } from './list-leave-requests/list-leave-requests.query';
import { ListLeaveStatisticsHandler } from './list-leave-statistics/list-leave-statistics.query';
import { ListLeaveTypesHandler } from './list-leave-types/list-leave-types.query';
import { LocationStore } from './location.store';
import { people } from './people/people.projection';
import { propertyNames } from './property-names/property-names.projection';
import { PropertyRulesStore } from './property-rules.store';
import { attendanceTable } from './report-tables/attendance-table.sql';
import { leaveTable } from './report-tables/leave-table.sql';
import { RequestCorrectionHandler } from './request-correction/request-correction.handler';
import { RequestLeaveHandler } from './request-leave/request-leave.handler';
import { RetireLeaveTypeHandler } from './retire-leave-type/retire-leave-type.handler';
import { SetStaffRulesHandler } from './set-rules/set-rules.handler';
import { ShiftStore } from './shift.store';
import { StaffRulesController } from './staff-rules.controller';
import { staffExported } from './staff.exported';
import { staffMigrations } from './staff.migrations';
import { StaffPages } from './staff.routes';
import { staffTimed } from './staff.timed';

const touchesAttendance = ({ organizationId, propertyId }: RecordedEvent) => [
  tags.organizationStaff(organizationId),
  tags.attendance(propertyId!),
];
const touchesLeave = ({ organizationId, propertyId }: RecordedEvent) => [
  tags.organizationStaff(organizationId),
  tags.leave(propertyId!),
];

export const staff = defineFeature({
  name: 'staff',
  migrations: staffMigrations,
  commands: [
    CheckInHandler,
    CheckOutHandler,
    CloseForgottenShiftHandler,
    ForgetPlacesHandler,
    RequestCorrectionHandler,
    DecideCorrectionHandler,
    SetStaffRulesHandler,
    DefineLeaveTypeHandler,
    ChangeLeaveTypeHandler,
    RetireLeaveTypeHandler,
    GrantLeaveHandler,
    RequestLeaveHandler,
    DecideLeaveHandler,
    CancelLeaveHandler,
  ],
  queries: [
    ListAttendanceHandler,
    GetShiftHandler,
    ListAttendanceStatisticsHandler,
    ListCorrectionsHandler,
    ListLeaveRequestsHandler,
    ListLeaveTypesHandler,
    GetLeaveTypeHandler,
    ListLeaveBalancesHandler,
    ListLeaveStatisticsHandler,
    GetStaffRulesHandler,
  ],
  controllers: [
    AttendanceController,
    CorrectionsController,
    LeaveRequestsController,
    LeaveController,
    LeaveTypesController,
    StaffRulesController,
  ],
  httpProviders: [StaffPages],
  providers: [
    ShiftStore,
    CorrectionStore,
    PropertyRulesStore,
    LocationStore,
    LeaveTypeStore,
    LeaveStore,
    LeaveBalances,
  ],
  projections: [people, propertyNames, attendance, attendanceMonths, correctionList, leaveList, leaveMonths],
  touches: [
    ...[ShiftStarted, ShiftEnded, ShiftClosed, ShiftCorrected, CorrectionRequested, CorrectionRejected].map(
      (eventType) => touch(eventType, touchesAttendance),
    ),
    ...[LeaveRequested, LeaveApproved, LeaveRejected, LeaveCancelled].map((eventType) =>
      touch(eventType, touchesLeave),
    ),
    ...[LeaveTypeDefined, LeaveTypeChanged, LeaveTypeRetired].map((eventType) =>
      touch(eventType, ({ organizationId }) => [tags.leaveTypes(organizationId)]),
    ),
    touch(SubjectErased, ({ organizationId, data }: RecordedEvent<string, Subject>) =>
      data.kind === 'user' ? [tags.organizationPeople(organizationId)] : [],
    ),
  ],
  reportTables: [attendanceTable, leaveTable],
  timed: staffTimed,
  exported: staffExported,
});
