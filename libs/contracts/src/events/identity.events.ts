import { z } from 'zod';
import { roleSchema } from '../principal';
import { defineEvent } from './define-event';
import { subjects } from './personal-fields';

export const OrganizationCreated = defineEvent('OrganizationCreated', 1, z.object({ organizationId: z.number() }));

/** Version 1 did not say what the user is called. */
export const UserAdded = defineEvent(
  'UserAdded',
  2,
  z.object({
    userId: z.number(),
    name: z.string().nullable(),
    role: roleSchema,
    propertyIds: z.array(z.number()).nullable(),
  }),
  { 1: (data: object) => ({ ...data, name: null }) },
  { subject: ({ userId }) => subjects.user(userId), fields: ['name'] },
);

export const UserInvited = defineEvent(
  'UserInvited',
  1,
  z.object({ invitationId: z.string(), role: roleSchema, propertyIds: z.array(z.number()).nullable() }),
);

/** Nobody is to come by it any more. */
export const InvitationWithdrawn = defineEvent('InvitationWithdrawn', 1, z.object({ invitationId: z.string() }));

export const SignInFamilyRevoked = defineEvent(
  'SignInFamilyRevoked',
  1,
  z.object({
    userId: z.number(),
    sessionId: z.string(),
    reason: z.enum(['logout', 'reuse', 'ended-by-user', 'password-changed', 'user-suspended']),
  }),
);
