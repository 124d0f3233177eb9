import { type Role, roleSchema } from '@innkeep/contracts';
import { z } from 'zod';

/** An instant, RFC 3339. */
export const instant = z.iso.datetime({ offset: true }).meta({ example: '2026-03-14T09:26:53.589Z' });

/** A business day, or another day without a time. */
export const day = z.iso.date().meta({ example: '2026-03-14' });

/** An id that is a number: of an organization, a user, a property. */
export const numericId = z.int().min(1).meta({ example: 1000 });

/** An id that is a UUID: of what there may be very many of. */
export const uuidId = z.uuid().meta({ example: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11' });

/** An amount in minor units of a currency; reversals have negative ones. */
export const cents = z.int().meta({ example: 12_50 });

/** How many. */
export const count = z.int().min(0).meta({ example: 3 });

export const currency = z.string().length(3).describe('ISO 4217').meta({ example: 'EUR' });

/** Text of an answer. What was let in is not judged again: `example` says what it is like. */
export const text = (example: string) => z.string().meta({ example });

export const role: z.ZodType<Role> = roleSchema.meta({ example: 'manager' });

/** The properties that somebody looks after. */
export const propertyScope = z
  .union([z.array(numericId).readonly(), z.literal('all')])
  .describe('"all", or the ids of the properties');

/** A position of an organization. */
export const position = z.int().min(0).describe('The version of the organization that is in it').meta({ example: 42 });

/** One page of a list, with what else stands beside its entries. */
export const pageOf = <Entry extends z.ZodType, Beside extends z.ZodRawShape = Record<never, never>>(
  entry: Entry,
  beside: Beside = {} as Beside,
) =>
  z.object({
    data: z.array(entry),
    nextCursor: z
      .string()
      .nullable()
      .describe('For the next page; null on the last one')
      .meta({ example: 'AbCdEf0123456789' }),
    ...beside,
  });

/** What `fields=` may choose from in an answer: the members of each entry of a list, or else of the whole. */
export function fieldsOf(answer: z.ZodObject): readonly string[] {
  const { data } = answer.shape;
  const entry = data instanceof z.ZodArray ? data.element : answer;
  return Object.keys((entry as z.ZodObject).shape);
}
