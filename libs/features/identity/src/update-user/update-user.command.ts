import { roleSchema } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { assignedProperties } from '../invitation';
import { userStatuses } from '../user';

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
export const userRightsAnswer = z.object({
  id: shapes.numericId,
  role: shapes.role,
  status: z.enum(userStatuses),
  properties: shapes.propertyScope,
});
export type UserRights = z.output<typeof userRightsAnswer>;

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
