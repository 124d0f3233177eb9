import { type CategorySnapshot, label } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { refuse } from './finance.problems';
import { kind } from './transaction.fields';

/** What a client gives to add a category. Its name is what transactions say, so it is never changed. */
export const categoryInput = z.strictObject({ kind, name: label(100) });
export type CategoryInput = z.output<typeof categoryInput>;

export const categoryChanges = z.strictObject({ isArchived: z.boolean() });

/** A category as clients see it. */
export const categoryAnswer = z
  .object({
    id: shapes.uuidId,
    kind,
    name: shapes.text('housekeeping'),
    isArchived: z.boolean().meta({ example: false }),
  })
  .meta({ id: 'Category' });
export type CategoryView = z.output<typeof categoryAnswer>;

export const categoryView = ({ categoryId, ...rest }: CategorySnapshot): CategoryView => ({ id: categoryId, ...rest });

const MAX_CATEGORIES = 500;

/** A new category, of another name than those of its kind. */
export function addCategory(id: string, input: CategoryInput, all: readonly CategorySnapshot[]): CategorySnapshot {
  const alike = all.find((one) => one.kind === input.kind && one.name.toLowerCase() === input.name.toLowerCase());
  if (alike)
    throw refuse(
      'category-exists',
      alike.isArchived ? `${alike.name} is archived: take it out of the archive.` : `Use ${alike.name} as it is.`,
      [{ pointer: '/name', detail: 'is the name of another category' }],
    );
  if (all.length >= MAX_CATEGORIES)
    throw refuse('too-many-rules', `An organization has ${MAX_CATEGORIES} categories at most.`);
  return { categoryId: id, ...input, isArchived: false };
}
