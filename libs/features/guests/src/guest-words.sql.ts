import { type Sql, sql } from '@innkeep/platform/database';

/** Behind every text that begins with a word, by bytes. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * The ids of stays whose lead guest's name has, for each word of `name`, one that begins with it: an array, empty where `name` has no word. What is asked of a word is
 * comparisons alone, for which the index may be asked behind row-level security; `offset 0` has it asked word by word, where the planner
 * would look through all words of the organization at once.
 */
export const staysOfGuest = (bucket: number, organizationId: number, name: string): Sql => sql`array(
  select w.stay_id from unnest(guests.words_of(${name})) as asked(word) cross join lateral (
    select stay_id from guests.guest_words
    where bucket = ${bucket} and organization_id = ${organizationId}
      and word >= asked.word collate "C" and word < (asked.word || ${LAST_CHARACTER}) collate "C" offset 0) w
  group by w.stay_id having count(distinct asked.word) = cardinality(guests.words_of(${name})))`;
