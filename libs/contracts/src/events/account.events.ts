import { z } from 'zod';
import { roleSchema } from '../principal';
import { defineEvent } from './define-event';

const aboutUser = z.object({ userId: z.number() });

/** Role, properties or status of a user, as they are from here on. */
export const UserChanged = defineEvent(
  'UserChanged',
  1,
  z.object({
    userId: z.number(),
    role: roleSchema,
    propertyIds: z.array(z.number()).nullable(),
    status: z.enum(['active', 'suspended']),
  }),
);

export const PasswordChanged = defineEvent(
  'PasswordChanged',
  1,
  z.object({ userId: z.number(), by: z.enum(['password', 'reset']) }),
);

export const EmailVerified = defineEvent('EmailVerified', 1, aboutUser);

export const SecondFactorTurnedOn = defineEvent('SecondFactorTurnedOn', 1, aboutUser);

export const SecondFactorTurnedOff = defineEvent('SecondFactorTurnedOff', 1, aboutUser);

/** What a key may do; never the key itself. */
export const ApiKeyCreated = defineEvent(
  'ApiKeyCreated',
  1,
  z.object({
    apiKeyId: z.string(),
    actorId: z.number(),
    role: roleSchema,
    scopes: z.array(z.string()),
    propertyIds: z.array(z.number()).nullable(),
  }),
);

export const ApiKeyRevoked = defineEvent('ApiKeyRevoked', 1, z.object({ apiKeyId: z.string(), actorId: z.number() }));
