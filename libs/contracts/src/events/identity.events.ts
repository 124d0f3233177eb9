import { z } from 'zod';
import { roleSchema } from '../principal';
import { defineEvent } from './define-event';

export const OrganizationCreated = defineEvent('OrganizationCreated', 1, z.object({ organizationId: z.number() }));

export const UserAdded = defineEvent(
  'UserAdded',
  1,
  z.object({ userId: z.number(), role: roleSchema, propertyIds: z.array(z.number()).nullable() }),
);

export const UserInvited = defineEvent(
  'UserInvited',
  1,
  z.object({ invitationId: z.string(), role: roleSchema, propertyIds: z.array(z.number()).nullable() }),
);

export const SignInFamilyRevoked = defineEvent(
  'SignInFamilyRevoked',
  1,
  z.object({
    userId: z.number(),
    sessionId: z.string(),
    reason: z.enum(['logout', 'reuse', 'ended-by-user', 'password-changed', 'user-suspended']),
  }),
);
