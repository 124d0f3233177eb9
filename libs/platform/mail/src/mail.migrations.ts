import { sqlMigration } from '@innkeep/platform/database';

export const mailMigrations = [
  sqlMigration(
    1763700060100,
    'create-mail-asks',
    `
create schema mail;
grant usage on schema mail to innkeep_api, innkeep_worker;

-- Mails asked for and not handed over yet, one row for each kind and subject, merged. The generation counts the asks: a mail that
-- was sent removes its row only if nothing was asked since it was composed. Neither address nor token is kept here.
create table mail.asks (
  bucket smallint not null,
  organization_id bigint not null,
  kind text not null,
  subject text not null,
  generation bigint not null default 1,
  asked_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  last_error text,
  primary key (bucket, organization_id, kind, subject)
);
create index on mail.asks (due_at);
create index on mail.asks (asked_at);
alter table mail.asks enable row level security;
alter table mail.asks force row level security;
create policy organization on mail.asks to innkeep_api using (organization_id = (select app.organization_id()))
  with check (organization_id = (select app.organization_id()));
-- The worker drains the asks of all organizations in one batch.
create policy every_organization on mail.asks to innkeep_worker using (true) with check (true);
grant select, insert, update on mail.asks to innkeep_api;
grant select, insert, update, delete on mail.asks to innkeep_worker;

-- Gives up on mails that could not be handed over for a day: what they are about has expired. Answers how many went.
create function mail.delete_expired_asks(batch integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from mail.asks where ctid in (select ctid from mail.asks where asked_at < now() - interval '1 day' limit batch);
  get diagnostics gone = row_count;
  return gone;
end $$;
create policy housekeeping on mail.asks to innkeep_migrator using (asked_at < now() - interval '1 day');
revoke all on function mail.delete_expired_asks(integer) from public;
grant execute on function mail.delete_expired_asks(integer) to innkeep_worker;
`,
  ),
];
