import { type PropertyScope, type Role, roleSchema } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { assignedProperties } from '../invitation';
import { type UserStatus, userStatuses } from '../user';

export const updateUserBody = z
  .strictObject({
    role: roleSchema,
    propertyIds: assignedProperties,
    status: z.enum(userStatuses).describe('A suspended user cannot sign in, and is signed out everywhere'),
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change')
  .meta({ minProperties: 1, example: { role: 'manager', propertyIds: null } });

/** What a user may do, as it is now. */
export interface UserRights {
  readonly id: number;
  readonly role: Role;
  readonly status: UserStatus;
  readonly properties: PropertyScope;
}

/** Changes what a user may do. `ifVersion` refuses the change if somebody else was faster. */
export class UpdateUser extends Command<Committed<UserRights>> {
  constructor(
    readonly context: CommandContext,
    readonly userId: number,
    readonly changes: z.output<typeof updateUserBody>,
    readonly ifVersion?: number,
  ) {
    super();
  }
}
