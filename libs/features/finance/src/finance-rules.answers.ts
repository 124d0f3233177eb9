import type { ApprovalRuleSnapshot, TaxSnapshot } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { timeoutAnswer } from './transaction.answers';
import { kind } from './transaction.fields';

/** A tax as clients see it. */
export const taxRuleAnswer = z
  .object({
    id: shapes.uuidId,
    name: shapes.text('VAT'),
    propertyId: shapes.numericId.nullable().describe('Null: all properties'),
    kind: kind.nullable().describe('Null: expenses and revenues'),
    category: shapes.text('rooms').nullable().describe('Null: all categories'),
    rateBasisPoints: z.int().min(0).describe('Hundredths of a percent').meta({ example: 2300 }),
    isInclusive: z.boolean().meta({ example: true }),
    effectiveFrom: shapes.day,
  })
  .meta({ id: 'Tax' });
export type TaxView = z.output<typeof taxRuleAnswer>;

export const taxView = ({ taxId, ...rest }: TaxSnapshot): TaxView => ({ id: taxId, ...rest });

/** A rule of approval as clients see it. */
export const approvalRuleAnswer = z
  .object({
    id: shapes.uuidId,
    propertyId: shapes.numericId.nullable().describe('Null: all properties'),
    kind: kind.nullable().describe('Null: expenses and revenues'),
    currency: shapes.currency,
    fromCents: shapes.cents.meta({ example: 100_00 }),
    toCents: shapes.cents.nullable().describe('The first amount that is too large for it').meta({ example: null }),
    roles: z.array(z.enum(['manager', 'owner'])).meta({ example: ['manager', 'owner'] }),
    forbidsOwn: z.boolean().meta({ example: true }),
    timeout: timeoutAnswer.nullable(),
  })
  .meta({ id: 'ApprovalRule' });
export type ApprovalRuleView = z.output<typeof approvalRuleAnswer>;

export const approvalRuleView = ({ ruleId, ...rest }: ApprovalRuleSnapshot): ApprovalRuleView => ({
  id: ruleId,
  ...rest,
});
