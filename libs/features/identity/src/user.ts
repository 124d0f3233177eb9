import { type Principal, type PropertyScope, type Role, label } from '@innkeep/contracts';

/** A user as far as it decides what the user may do. */
export interface User {
  readonly id: number;
  readonly role: Role;
  readonly status: string;
  readonly properties: PropertyScope;
  /** Raised whenever the user's rights change; access tokens carry the one they were issued under. */
  readonly permissionEpoch: number;
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
});

export const maySignIn = (user: User): boolean => user.status === 'active';

/** The user as the caller that the session's access tokens speak of. */
export const principalFor = (organizationId: number, user: User, sessionId: string): Principal => ({
  organizationId,
  userId: user.id,
  role: user.role,
  properties: user.properties,
  permissionEpoch: user.permissionEpoch,
  sessionId,
});
