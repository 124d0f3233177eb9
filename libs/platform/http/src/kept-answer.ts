import { type CacheFamily, type Tag, cacheFamilies } from '@innkeep/contracts';
import type { AnswerFacts, CachedAnswer } from '@innkeep/platform/cache';
import type { EdgeAnswer, EdgeHeaders } from '@innkeep/platform/edge';

const families = new Map<string, CacheFamily>(Object.values(cacheFamilies).map((family) => [family.name, family]));

/** What shortens the life of an answer. */
export type Shortening = Partial<Pick<EdgeAnswer, 'isPurgePending' | 'isLate' | 'secondsLeft'>>;

/** An answer as it can be given to several: from what is known of it, its headers, made once for each kind of receiver. */
export function keptAnswer(
  edge: EdgeHeaders,
  told: AnswerFacts & Pick<CachedAnswer, 'body' | 'encoded'>,
  { isPurgePending = false, isLate = false, secondsLeft }: Shortening = {},
): CachedAnswer {
  const family = families.get(told.family);
  if (!family) throw new Error(`there is no cache family by the name ${told.family}`);
  const make = (isPartitioned: boolean) => ({
    ...told.headers,
    ...edge.headers({ family, tags: told.tags as Tag[], isPurgePending, isLate, secondsLeft, isPartitioned }),
  });
  let limit = -1;
  let made: Record<'alone' | 'partitioned', Record<string, string> | undefined>;
  return {
    ...told,
    headersFor: (isPartitioned) => {
      // Headers that were made before a limit changed are made again.
      const current = edge.limits.secondsFor(family.name);
      if (limit !== current) {
        limit = current;
        made = { alone: undefined, partitioned: undefined };
      }
      return isPartitioned ? (made.partitioned ??= make(true)) : (made.alone ??= make(false));
    },
  };
}
