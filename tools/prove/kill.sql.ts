import { projections } from './comparing';

const eachReadModel = projections.map(({ table }) => `before insert on ${table} for each statement`);

/** Where a projector can be stopped to be killed there. */
export const points: Readonly<Record<string, readonly string[]>> = {
  'while it takes buckets': ['before update on events.ownership for each statement'],
  'before the rows of a batch': eachReadModel,
  'among the rows of a batch': ['after insert on reports.daily_summary for each statement'],
  'after the rows, before the checkpoint': [
    `before update on events.checkpoints for each row when (new.track = 'live')`,
  ],
  'after the checkpoint, before the commit': [
    `after update on events.checkpoints for each row when (new.track = 'live')`,
  ],
  'in the commit': [
    "constraint after update on events.checkpoints deferrable initially deferred for each row when (new.track = 'live')",
  ],
  'before what a reactor does': ['before insert on edge.purge_asks for each statement'],
  'after what a reactor did, before its checkpoint': [
    `before update on events.checkpoints for each row when (new.track like 'reactor:%')`,
  ],
};

/** The lock that a projector waits for where it is to be killed. */
export const GATE = 4_711_000;

const triggers = Object.entries(points).flatMap(([point, moments], index) =>
  moments.map((when) => {
    const [, constraint = '', rest] = /^(constraint )?(.*)$/.exec(when)!;
    return `create ${constraint}trigger wait_${index} ${rest} execute function proof.wait('${point}');`;
  }),
);

/**
 * What the proof of kills adds to its database. The product has no hooks: a trigger waits at the planned point for a lock that the
 * proof holds, until the process is dead. Another one notes every checkpoint that moves back.
 */
export const killSchema = `
create schema proof;
-- Where to wait, and who: by the application name of the connection, or whoever comes first.
create table proof.planned (point text primary key, name text);
create function proof.wait() returns trigger language plpgsql security definer as $$
begin
  if exists (select from proof.planned where point = tg_argv[0] and coalesce(name, current_setting('application_name')) = current_setting('application_name'))
    then perform pg_advisory_xact_lock_shared(${GATE}); end if;
  return new;
end $$;
${triggers.join('\n')}

create table proof.moved_back (track text, bucket smallint, before bigint, after bigint);
create function proof.note_move() returns trigger language plpgsql security definer as $$
begin
  insert into proof.moved_back values (new.track, new.bucket, old.position, new.position);
  return null;
end $$;
create trigger note_move after update on events.checkpoints for each row when (new.position < old.position) execute function proof.note_move();`;

/** Which projectors wait at the gate, by the application name of their connections. */
export const findWaiting = `
select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and not l.granted and l.objid = ${GATE} and a.datname = current_database()`;
