import { characters } from '@innkeep/contracts';
import { z } from 'zod';

/** What no member of a body may be called: by these names the prototype of an object is reached. */
export const prototypeKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const notTheirNames = { not: { enum: prototypeKeys } };

/** A name of a member that callers choose, of at most so many characters. */
export const memberName = (longest: number) => characters(0, longest).meta(notTheirNames);

/** An item of a bulk request, judged on its own. */
export const bulkItem = z.unknown().meta({ propertyNames: notTheirNames });
