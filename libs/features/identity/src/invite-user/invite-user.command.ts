import { roleSchema } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { emailAddress } from '@innkeep/platform/security';
import { assignedProperties } from '../invitation';
import { personName } from '../user';

export const inviteUserBody = z
  .strictObject({
    email: emailAddress,
    name: personName.optional(),
    role: roleSchema,
    propertyIds: assignedProperties,
  })
  .meta({ example: { email: 'rui@casas.example', name: 'Rui Lopes', role: 'staff', propertyIds: null } });

/** An invitation as its owner sees it once; the token is not kept anywhere. */
export const invitationAnswer = z.object({
  id: shapes.uuidId,
  token: shapes.text('AAAAAAAAA-h0aW52aXRhdGlvbg'),
  email: z.email().meta({ example: 'rui@casas.example' }),
  name: shapes.text('Rui Lopes').nullable(),
  role: shapes.role,
  propertyIds: z.array(shapes.numericId).readonly().nullable().describe('Null for all'),
  expiresAt: shapes.instant,
});
export type IssuedInvitation = z.output<typeof invitationAnswer>;

/** Offers somebody a place in the organization. An open invitation to the same address is replaced. */
export class InviteUser extends Command<Committed<IssuedInvitation>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof inviteUserBody>,
  ) {
    super();
  }
}
