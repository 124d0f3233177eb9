import { sqlMigration } from '@innkeep/platform/database';

/** What stays are found by when only the guest's name is known. */
export const guestWords = sqlMigration(
  1763711004000,
  'find-guests-by-name',
  `
-- The words of a name without case and accents, each once. The collation is named: what a letter is must not depend on the server's own.
-- Of a long word its beginning: a character may become eighteen, and an index holds no value of any length.
create function guests.words_of(name text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct left(word, 60)), '{}') from regexp_split_to_table(
    lower(regexp_replace(normalize(name, nfkd), '[\\u0300-\\u036f]+', '', 'g') collate pg_c_utf8), '[^[:alnum:]]+') word
  where word <> ''
$$;
revoke all on function guests.words_of(text) from public;
grant execute on function guests.words_of(text) to innkeep_api, innkeep_projector;

-- By bytes, so that words that begin alike lie side by side.
create table guests.guest_words (
  bucket smallint not null,
  organization_id bigint not null,
  word text collate "C" not null,
  stay_id uuid not null,
  primary key (bucket, organization_id, word, stay_id)
);
create index guest_words_by_stay on guests.guest_words (bucket, organization_id, stay_id);
select app.protect('guests.guest_words');
grant select on guests.guest_words to innkeep_api, innkeep_worker;
grant select, insert, update, delete on guests.guest_words to innkeep_projector;
`,
);
