import { label } from '@innkeep/contracts';
import type { CommandContext, Committed } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import { assignedProperties } from '../invitation';
import { listedApiKey } from '../list-api-keys/list-api-keys.query';

const scope = z
  .string()
  .regex(/^[a-z][a-z-]{1,40}:(read|write)$/, 'is an area and what the key may do there, such as finance:read')
  .describe('The first part of the paths that the key opens, and `read` or `write`');

export const createApiKeyBody = z
  .strictObject({
    name: label(100).describe('What the key is for'),
    role: z.enum(['manager', 'staff', 'auditor']).describe('What the key may do where its scopes let it in'),
    scopes: z
      .array(scope)
      .min(1)
      .max(50)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice')
      .meta({ uniqueItems: true }),
    propertyIds: assignedProperties,
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .refine((date) => date.getTime() > Date.now(), 'is over already')
      .nullable()
      .default(null)
      .describe('When the key stops working; null for never'),
  })
  .meta({
    example: { name: 'Accounting', role: 'auditor', scopes: ['finance:read', 'reports:read'], propertyIds: null },
  });

/** A key as its owner sees it once; the key itself is not kept anywhere. */
export const issuedApiKeyAnswer = listedApiKey
  .pick({ id: true, actorId: true, name: true, role: true, scopes: true, propertyIds: true, expiresAt: true })
  .extend({ key: shapes.text('ik_AAAAAAAAA-h0a2V5') });
export type IssuedApiKey = z.output<typeof issuedApiKeyAnswer>;

/** Makes a key for another program. */
export class CreateApiKey extends Command<Committed<IssuedApiKey>> {
  constructor(
    readonly context: CommandContext,
    readonly input: z.output<typeof createApiKeyBody>,
    /** What keys can be made for. */
    readonly areas: ReadonlySet<string>,
  ) {
    super();
  }
}
