import { type Principal, type PropertyScope, type Role, label } from '@innkeep/contracts';

/** A user as far as it decides what the user may do. */
export interface User {
  readonly id: number;
  readonly role: Role;
  readonly status: UserStatus;
  readonly properties: PropertyScope;
  /** Raised whenever the user's rights change; access tokens carry the one they were issued under. */
  readonly permissionEpoch: number;
  /** Whether anybody gets into the user's organization at all. */
  readonly isOrganizationActive: boolean;
}

export const personName = label(200).describe('What people call the user');

/** Property ids of an assignment; null stands for all properties, those that are added later included. */
export type AssignedProperties = readonly number[] | null;

/** A user who is new to an organization. */
export const newUser = (id: number, role: Role, propertyIds: AssignedProperties): User => ({
  id,
  role,
  status: 'active',
  properties: propertyIds ?? 'all',
  permissionEpoch: 1,
  isOrganizationActive: true,
});

export const userStatuses = ['active', 'suspended'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** What of a user's rights is to be changed. */
export interface RightsChange {
  readonly role?: Role;
  readonly propertyIds?: AssignedProperties;
  readonly status?: UserStatus;
}

/** The user after a change of rights, under the next permission epoch; undefined if nothing changes. */
export function changeRights(user: User, change: RightsChange): User | undefined {
  const properties = change.propertyIds === undefined ? user.properties : (change.propertyIds ?? 'all');
  const changed = { ...user, role: change.role ?? user.role, status: change.status ?? user.status, properties };
  const rightsOf = ({ role, status, properties: scope }: User) =>
    JSON.stringify([role, status, scope === 'all' ? scope : [...scope].sort((a, b) => a - b)]);
  if (rightsOf(changed) === rightsOf(user)) return undefined;
  return { ...changed, permissionEpoch: user.permissionEpoch + 1 };
}

export const maySignIn = (user: User): boolean => user.status === 'active' && user.isOrganizationActive;

/** The user as the caller that the session's access tokens speak of. */
export const principalFor = (organizationId: number, user: User, sessionId: string): Principal => ({
  organizationId,
  userId: user.id,
  role: user.role,
  properties: user.properties,
  permissionEpoch: user.permissionEpoch,
  sessionId,
});
