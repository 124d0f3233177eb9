import { sqlMigration } from '@innkeep/platform/database';

/** Which reactors the running code has, and which projections each of them trails. */
export const reactorsMigration = sqlMigration(
  1763700080000,
  'create-reactors',
  `
-- Who retries an event knows from here which reactors have to see it again; a checkpoint whose reactor is not here any more is of
-- one that the code has lost, and holds nothing up.
create table events.reactors (
  track text primary key,
  trails text[] not null
);
insert into events.reactors select distinct track, array[]::text[] from events.checkpoints where track like 'reactor:%';
grant select on events.reactors to innkeep_api, innkeep_worker;
grant select, insert, update, delete on events.reactors to innkeep_projector;
`,
);
