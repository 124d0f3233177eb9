import { type Role, roles } from './principal';

/** What a client can choose to hear about: the areas of the product. */
export const liveServices = [
  'finance',
  'guest-checkin',
  'properties',
  'users',
  'tasks',
  'branding',
  'staff',
  'exports',
  'documents',
] as const;
export type LiveService = (typeof liveServices)[number];

/** Who hears of an event as it happens, and what of it. */
export interface LiveRule {
  readonly service: LiveService;
  readonly roles: readonly Role[];
  /** Who hears of it instead where a member of the payload that is told has one of these values. */
  readonly rolesBy?: { readonly member: string; readonly values: Readonly<Record<string, readonly Role[]>> };
  /** `property`: those of them who may see the event's property. `organization`: all of them. */
  readonly within: 'property' | 'organization';
  /** The members of the payload that are told; `all` of them only where the members who hear of it could read all of it. */
  readonly tells: 'all' | readonly string[];
  /** Whether of several about one thing that are due at once only the last is told. Never of money, never of approvals. */
  readonly conflates: boolean;
  /**
   * The member of the payload that is the id of the user it is about, where people may read what is about themselves: that user hears
   * of it whatever the role and wherever it was, and gets the same members as the others.
   */
  readonly concerns?: string;
}

/** Nobody hears of it. */
export const SILENT = 'silent';

const money: LiveRule = { service: 'finance', roles, within: 'property', tells: 'all', conflates: false };
/** What an organization lays down for its books: everybody may list it. */
const rules: LiveRule = { service: 'finance', roles, within: 'organization', tells: 'all', conflates: false };
const property: LiveRule = { service: 'properties', roles, within: 'property', tells: 'all', conflates: true };
const task: LiveRule = { service: 'tasks', roles, within: 'property', tells: 'all', conflates: true };
const stay: LiveRule = {
  service: 'guest-checkin',
  roles,
  within: 'property',
  tells: [
    ...['stayId', 'status', 'unitIds', 'partySize', 'arrivesOn', 'departsOn', 'arrivedOn', 'departedOn'],
    ...['checkedInAt', 'checkedOutAt'],
  ],
  conflates: false,
};
const users = (who: readonly Role[], tells: readonly string[], conflates = false): LiveRule => ({
  service: 'users',
  roles: who,
  within: 'organization',
  tells,
  conflates,
});

/** Those who may have the reports of the property as files. */
const exported = (conflates: boolean): LiveRule => ({
  service: 'exports',
  roles: ['owner', 'manager', 'auditor'],
  within: 'property',
  tells: 'all',
  conflates,
});

const leading: readonly Role[] = ['owner', 'manager'];
const owners: readonly Role[] = ['owner'];
/** Those who may read documents of the kind, and which it is. Never what is in it, nor its checksum. */
const document: LiveRule = {
  service: 'documents',
  roles: leading,
  rolesBy: {
    member: 'kind',
    values: { receipt: roles, 'task-image': roles, logo: roles, other: ['owner', 'manager', 'auditor'] },
  },
  within: 'property',
  tells: ['documentId', 'kind', 'subject', 'propertyId'],
  conflates: false,
};
/** Who sees how others work. Everybody hears of what concerns themselves. */
const overseers: readonly Role[] = ['owner', 'manager', 'auditor'];
const shiftMembers = [
  ...['shiftId', 'userId', 'propertyId', 'businessDay', 'startedAt', 'endedAt', 'workedSeconds', 'lateMinutes'],
  ...['isForgotten', 'isCorrected', 'beganInside', 'endedInside'],
];
const correctionMembers = ['correctionId', 'shiftId', 'userId', 'propertyId', 'startedAt', 'endedAt', 'requestedBy'];
const leaveMembers = [
  ...['leaveRequestId', 'userId', 'propertyId', 'leaveTypeId', 'from', 'to', 'startsAtNoon', 'endsAtNoon', 'halfDays'],
  ...['status', 'requestedBy'],
];
const staff = (tells: LiveRule['tells']): LiveRule => ({
  service: 'staff',
  roles: overseers,
  within: 'property',
  tells,
  conflates: false,
});
/** What is about one person's times. */
const person = (tells: readonly string[]): LiveRule => ({ ...staff(tells), concerns: 'userId' });
const leaveType: LiveRule = { service: 'staff', roles, within: 'organization', tells: 'all', conflates: true };

/**
 * Who hears of which event type. The same people as may read the thing it is about: whoever changes who may read something changes
 * this too. A type that is not here is told to nobody, and fails a test until it is decided about.
 */
export const liveRules: Readonly<Record<string, LiveRule | typeof SILENT>> = {
  TransactionRecorded: money,
  TransactionChanged: money,
  TransactionDeleted: money,
  TransactionApproved: money,
  TransactionRejected: money,
  TransactionReversed: money,
  TransactionApprovalAdvanced: money,
  TransactionsImported: money,
  BusinessDayClosed: money,
  BusinessDayReopened: money,
  CategoryAdded: rules,
  CategoryChanged: rules,
  TaxAdded: rules,
  TaxRemoved: rules,
  ApprovalRuleAdded: rules,
  ApprovalRuleRemoved: rules,
  PropertyCreated: property,
  PropertyUpdated: property,
  UnitAdded: property,
  UnitChanged: property,
  GuestExpected: stay,
  GuestCheckedIn: stay,
  StayChanged: stay,
  GuestCheckedOut: stay,
  StayCancelled: stay,
  GuestErased: { ...stay, tells: ['stayId'] },
  GuestIdentityRemoved: { ...stay, tells: ['stayId'] },
  GuestIdentityViewed: { ...stay, roles: ['owner'], tells: ['stayId', 'accessId'] },
  UserAdded: users(leading, ['userId', 'role', 'propertyIds']),
  UserChanged: users(leading, ['userId', 'role', 'propertyIds', 'status'], true),
  UserInvited: users(owners, ['invitationId', 'role', 'propertyIds']),
  InvitationWithdrawn: users(owners, ['invitationId']),
  SubjectErased: users(leading, ['kind', 'id']),
  ApiKeyCreated: users(owners, ['apiKeyId', 'role', 'scopes', 'propertyIds']),
  ApiKeyRevoked: users(owners, ['apiKeyId']),
  TaskCreated: { ...task, conflates: false },
  TaskChanged: task,
  TaskAssigned: task,
  TaskStatusChanged: task,
  TaskItemTicked: { ...task, conflates: false },
  TaskCommented: { ...task, conflates: false },
  TaskReminded: task,
  ThemeChanged: { service: 'branding', roles, within: 'organization', tells: 'all', conflates: true },
  PlanChanged: users(owners, ['plan', 'previousPlan']),
  ShiftStarted: person(shiftMembers),
  ShiftEnded: person(shiftMembers),
  ShiftClosed: person(shiftMembers),
  ShiftCorrected: person([...shiftMembers, 'correctionId']),
  CorrectionRequested: person([...correctionMembers, 'businessDay']),
  CorrectionRejected: person(correctionMembers),
  StaffRulesChanged: staff('all'),
  LeaveTypeDefined: leaveType,
  LeaveTypeChanged: leaveType,
  LeaveTypeRetired: leaveType,
  LeaveGranted: {
    ...leaveType,
    ...{ roles: owners, tells: ['grantId', 'userId', 'leaveTypeId', 'year', 'halfDays'], concerns: 'userId' },
  },
  LeaveRequested: person(leaveMembers),
  LeaveApproved: person(leaveMembers),
  LeaveRejected: person(leaveMembers),
  LeaveCancelled: person(leaveMembers),
  OrganizationCreated: SILENT,
  OrganizationStatusChanged: SILENT,
  SignInFamilyRevoked: SILENT,
  PasswordChanged: SILENT,
  EmailVerified: SILENT,
  SecondFactorTurnedOn: SILENT,
  SecondFactorTurnedOff: SILENT,
  OrganizationExportRequested: SILENT,
  OrganizationExportLinkIssued: SILENT,
  ReportExportRequested: exported(false),
  ReportExportProgressed: exported(true),
  ReportExportLinkIssued: SILENT,
  PurgeRequested: SILENT,
  DocumentAdded: document,
  UploadRefused: SILENT,
  DocumentLinkIssued: SILENT,
  DocumentRemoved: document,
  AssetPublished: SILENT,
};

/** The rule of an event type by its name, if anybody hears of it. */
export function liveRuleOf(type: string): LiveRule | undefined {
  const rule = Object.hasOwn(liveRules, type) ? liveRules[type] : undefined;
  return rule === SILENT ? undefined : rule;
}

/** The roles that hear of an event by its rule, and by what it says. */
export function rolesHearing(
  { roles: usual, rolesBy }: LiveRule,
  data: Readonly<Record<string, unknown>>,
): readonly Role[] {
  const value = rolesBy && data[rolesBy.member];
  return typeof value === 'string' && Object.hasOwn(rolesBy!.values, value) ? rolesBy!.values[value]! : usual;
}
