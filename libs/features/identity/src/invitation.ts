import { DomainError, type Role } from '@innkeep/contracts';
import { notFound } from '@innkeep/platform/http';
import { z } from 'zod';
import { identityProblems } from './identity.problems';
import type { AssignedProperties } from './user';

/** An offer to become a user of the organization, open to whoever holds its token. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly propertyIds: AssignedProperties;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
}

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** Until when an invitation made now can be accepted. */
export const invitationEnd = (now: Date): Date => new Date(now.getTime() + LIFETIME_MS);

export const assignedProperties = z
  .array(z.number().int().min(1).max(Number.MAX_SAFE_INTEGER))
  .min(1)
  .max(200)
  .refine((ids) => new Set(ids).size === ids.length, 'names a property twice')
  .meta({ uniqueItems: true })
  .nullable()
  .describe('The properties that the user looks after; null for all, those that are added later included');

/** Owners answer for the whole organization: there is no owner of some properties. */
export function checkAssignment(role: Role, propertyIds: AssignedProperties): void {
  if (role !== 'owner' || propertyIds === null) return;
  throw new DomainError(identityProblems['owner-sees-all-properties'], 'Invite an owner with propertyIds null.', {
    errors: [{ pointer: '/propertyIds', detail: 'is null for an owner' }],
  });
}

/** The invitation, if it can be accepted now. */
export function acceptable(invitation: Invitation | undefined, now: Date): Invitation {
  if (!invitation) throw notFound('invitation');
  if (invitation.acceptedAt) {
    throw new DomainError(identityProblems['invitation-already-accepted'], 'Sign in with the password chosen then.');
  }
  if (invitation.expiresAt <= now) {
    throw new DomainError(identityProblems['invitation-expired'], 'Ask an owner of the organization for a new one.');
  }
  return invitation;
}
