import { type Role, roleSchema } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { emailAddress } from '@innkeep/platform/security';
import { assignedProperties } from '../invitation';
import { type AssignedProperties, personName } from '../user';

export const inviteUserBody = z
  .strictObject({
    email: emailAddress,
    name: personName.optional(),
    role: roleSchema,
    propertyIds: assignedProperties,
  })
  .meta({ example: { email: 'rui@casas.example', name: 'Rui Lopes', role: 'staff', propertyIds: null } });

/** An invitation as its owner sees it once; the token is not kept anywhere. */
export interface IssuedInvitation {
  readonly id: string;
  readonly token: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly propertyIds: AssignedProperties;
  readonly expiresAt: Date;
}

/** Offers somebody a place in the organization. An open invitation to the same address is replaced. */
export class InviteUser extends Command<Committed<IssuedInvitation>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof inviteUserBody>,
  ) {
    super();
  }
}
