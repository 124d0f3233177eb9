import { sqlMigration } from '@innkeep/platform/database';

export const tasksMigrations = [
  sqlMigration(
    1763711001000,
    'create-tasks',
    `
create schema tasks;
grant usage on schema tasks to innkeep_api, innkeep_projector, innkeep_worker, innkeep_viewer;

-- The write model. A task is listed by when it is due, and what is due at no time comes last.
create table tasks.tasks (
  bucket smallint not null,
  organization_id bigint not null,
  id uuid not null,
  property_id bigint not null,
  title text not null,
  description text,
  status text not null check (status in ('open', 'in-progress', 'blocked', 'done', 'cancelled')),
  priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
  assignee_id bigint,
  due_on date,
  due_at timestamptz,
  due_by timestamptz,
  sort_at timestamptz not null generated always as (coalesce(due_by, timestamptz 'infinity')) stored,
  remind_minutes integer,
  remind_at timestamptz,
  checklist jsonb not null,
  recurrence jsonb,
  series_id uuid,
  occurrence integer,
  next_on date,
  next_at timestamptz,
  created_by bigint not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, id),
  check ((series_id is null) = (occurrence is null)),
  check ((finished_at is not null) = (status in ('done', 'cancelled')))
);
-- Each occurrence of a series is made once, whoever makes it.
create unique index tasks_occurrence on tasks.tasks (bucket, organization_id, series_id, occurrence) where series_id is not null;
create index tasks_by_due on tasks.tasks (bucket, organization_id, sort_at, id);
create index tasks_by_property on tasks.tasks (bucket, organization_id, property_id, sort_at, id);
create index tasks_by_assignee on tasks.tasks (bucket, organization_id, assignee_id, sort_at, id) where assignee_id is not null;
create index tasks_unfinished on tasks.tasks (bucket, organization_id, sort_at, id) where status not in ('done', 'cancelled');
create index tasks_next on tasks.tasks (next_at) where next_at is not null;
create index tasks_reminders on tasks.tasks (remind_at) where remind_at is not null;
select app.protect('tasks.tasks');
grant select, insert, update on tasks.tasks to innkeep_api, innkeep_worker;

create table tasks.comments (
  bucket smallint not null,
  organization_id bigint not null,
  task_id uuid not null,
  id uuid not null,
  author_id bigint not null,
  text text not null,
  written_at timestamptz not null,
  version bigint not null,
  primary key (bucket, organization_id, task_id, id),
  foreign key (bucket, organization_id, task_id) references tasks.tasks
);
select app.protect('tasks.comments');
grant select, insert on tasks.comments to innkeep_api, innkeep_worker;

-- What time brings about, over all organizations of the shard.
create policy looking on tasks.tasks for select to innkeep_migrator using (next_at is not null or remind_at is not null);
create function tasks.due_occurrences(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.organization_id, t.id::text from tasks.tasks t where t.next_at <= p_now order by t.next_at limit p_limit $$;
create function tasks.due_reminders(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.organization_id, t.id::text from tasks.tasks t where t.remind_at <= p_now order by t.remind_at limit p_limit $$;
revoke all on function tasks.due_occurrences(timestamptz, integer), tasks.due_reminders(timestamptz, integer) from public;
grant execute on function tasks.due_occurrences(timestamptz, integer), tasks.due_reminders(timestamptz, integer) to innkeep_worker;

-- Names of properties, as this feature has learnt them from events.
create table tasks.property_names (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  name text not null,
  primary key (bucket, organization_id, property_id)
);
select app.protect('tasks.property_names');
grant select on tasks.property_names to innkeep_api, innkeep_worker;
grant select, insert, update, delete on tasks.property_names to innkeep_projector;

-- What is not finished, for the board: which of it is overdue is a question of when one asks.
create table tasks.unfinished_tasks (
  bucket smallint not null,
  organization_id bigint not null,
  task_id uuid not null,
  property_id bigint not null,
  title text not null,
  status text not null,
  priority text not null,
  assignee_id bigint,
  due_by timestamptz,
  version bigint not null,
  primary key (bucket, organization_id, task_id)
) with (fillfactor = 90);
create index unfinished_tasks_by_due on tasks.unfinished_tasks (bucket, organization_id, due_by, task_id);
select app.protect('tasks.unfinished_tasks');
grant select on tasks.unfinished_tasks to innkeep_api, innkeep_worker;
grant select, insert, update, delete on tasks.unfinished_tasks to innkeep_projector;

-- How many tasks a property has in each status.
create table tasks.property_counts (
  bucket smallint not null,
  organization_id bigint not null,
  property_id bigint not null,
  open bigint not null,
  in_progress bigint not null,
  blocked bigint not null,
  done bigint not null,
  cancelled bigint not null,
  primary key (bucket, organization_id, property_id)
) with (fillfactor = 90);
select app.protect('tasks.property_counts');
grant select on tasks.property_counts to innkeep_api, innkeep_worker;
grant select, insert, update, delete on tasks.property_counts to innkeep_projector;
`,
  ),
];
