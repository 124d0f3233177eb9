/** Kinds of things that a request may name. */
export const kinds = [
  'properties',
  'units',
  'transactions',
  'days',
  'imports',
  'categories',
  'taxes',
  'approvalRules',
  'stays',
  'shifts',
  'leaveTypes',
  'leaveRequests',
  'corrections',
  'tasks',
  'checklistItems',
  'documents',
  'exports',
  'organizationExports',
  'users',
  'invitations',
  'sessions',
  'apiKeys',
  'organizations',
  'purges',
  'cursors',
  'tokens',
  'emails',
] as const;
export type Kind = (typeof kinds)[number];

/** What lies under a path. */
const places: readonly (readonly [RegExp, Kind])[] = [
  [/^\/v1\/(staff\/)?properties/, 'properties'],
  [/^\/v1\/finance\/(expenses|revenues)/, 'transactions'],
  [/^\/v1\/finance\/days/, 'days'],
  [/^\/v1\/finance\/imports/, 'imports'],
  [/^\/v1\/finance\/categories/, 'categories'],
  [/^\/v1\/finance\/taxes/, 'taxes'],
  [/^\/v1\/finance\/approval-rules/, 'approvalRules'],
  [/^\/v1\/guest-checkin/, 'stays'],
  [/^\/v1\/staff\/(attendance|check-in|check-out)/, 'shifts'],
  [/^\/v1\/staff\/leave-types/, 'leaveTypes'],
  [/^\/v1\/staff\/leave-requests/, 'leaveRequests'],
  [/^\/v1\/staff\/corrections/, 'corrections'],
  [/^\/v1\/tasks/, 'tasks'],
  [/^\/v1\/(documents|uploads)/, 'documents'],
  [/^\/v1\/exports/, 'exports'],
  [/^\/v1\/organization\/exports/, 'organizationExports'],
  [/^\/v1\/users\/invitations/, 'invitations'],
  [/^\/v1\/users/, 'users'],
  [/^\/v1\/auth\/sessions/, 'sessions'],
  [/^\/v1\/api-keys/, 'apiKeys'],
  [/^\/v1\/system\/organizations/, 'organizations'],
  [/^\/v1\/cache\/purges/, 'purges'],
];

/** Members and parameters that say by their names what they hold an id of. */
const names: readonly (readonly [RegExp, Kind])[] = [
  [/^propertyIds?$/, 'properties'],
  [/^unitIds?$/, 'units'],
  [/^transactionIds?$/, 'transactions'],
  [/^stayId$/, 'stays'],
  [/^shiftId$/, 'shifts'],
  [/^taskId$/, 'tasks'],
  [/^leaveTypeId$/, 'leaveTypes'],
  [/^documentIds?$/, 'documents'],
  [/^itemId$/, 'checklistItems'],
  [/^(user|assignee)Id$/, 'users'],
  [/^orgId$/, 'organizations'],
  [/^cursor$/, 'cursors'],
  [/token$/i, 'tokens'],
  [/^email$/, 'emails'],
];

const found = (among: readonly (readonly [RegExp, Kind])[], text: string) =>
  among.find(([pattern]) => pattern.test(text))?.[1];

/** What a member or parameter of this name holds, if it is an id of something. */
export const kindOf = (name: string, template: string): Kind | undefined =>
  name === 'id' ? found(places, template) : found(names, name);

/** What the ids in an answer are of: of what is asked for, not of what it belongs to. */
export function kindAnswered(template: string): Kind | undefined {
  if (/\/units(\/\{unitId\})?$/.test(template)) return 'units';
  return /\{\w+\}\/./.test(template) ? undefined : found(places, template);
}
