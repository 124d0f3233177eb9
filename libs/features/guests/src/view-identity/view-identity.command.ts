import { prose } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Identity } from '../identity';

export const viewIdentityBody = z
  .strictObject({ purpose: prose(200).describe('What you need it for; it is noted') })
  .meta({ example: { purpose: 'Report to the police register' } });

/** Shows the identity of a guest in full, and notes to whom and what for. */
export class ViewIdentity extends Command<Committed<Identity>> {
  constructor(
    readonly context: CommandContext,
    readonly id: string,
    readonly purpose: string,
  ) {
    super();
  }
}
