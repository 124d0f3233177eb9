import { Shard, Shards } from '@innkeep/platform/database';
import type { TimedWork } from './timed-work';
import { createLogger } from '@innkeep/platform/telemetry';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';
import { Command, CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { Client } from 'pg';
import { TimedWorker } from './timed-worker';

class EndThing extends Command<void> {
  constructor(
    readonly organizationId: number,
    readonly role: string,
    readonly id: string,
    readonly now: Date,
  ) {
    super();
  }
}

let database: TestDatabase;
/** A connection of the test's own: a command each is too many for one that is opened anew. */
let admin: Client;

@CommandHandler(EndThing)
class EndThingHandler implements ICommandHandler<EndThing> {
  async execute({ organizationId, role, id, now }: EndThing): Promise<void> {
    if (id.startsWith('broken')) throw new Error('cannot be ended');
    await admin.query(`update events.things set ended_as = $1, ended_at = $2 where organization_id = $3 and id = $4`, [
      role,
      now,
      organizationId,
      id,
    ]);
  }
}

const ending: TimedWork = {
  name: 'end-things',
  everySeconds: 1,
  due: 'events.due_things',
  command: ({ principal }, id, now) => new EndThing(principal.organizationId, principal.role, id, now),
};

describe('what time brings about', () => {
  let shards: Shards;
  let module: TestingModule;
  let worker: TimedWorker;
  const noon = new Date('2026-03-10T12:00:00Z');
  const hoursAfterNoon = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    await database.asAdmin(
      `create table events.things (organization_id bigint, id text, due_at timestamptz, ended_as text, ended_at timestamptz);
       create function events.due_things(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)
         language sql security definer set search_path = pg_catalog as $$
           select t.organization_id, t.id from events.things t where t.due_at <= p_now and (t.ended_at is null or t.id like 'stays%')
           order by t.due_at limit p_limit $$;
       revoke all on function events.due_things from public;
       grant execute on function events.due_things to innkeep_worker`,
    );
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'worker-under-test' })]);
    module = await Test.createTestingModule({
      imports: [CqrsModule.forRoot()],
      providers: [EndThingHandler],
    }).compile();
    await module.init();
    worker = new TimedWorker(shards, module.get(CommandBus), createLogger('worker', 'silent'));
  });
  afterAll(async () => {
    await module.close();
    await Promise.all([shards.close(), admin.end()]);
    await database.drop();
  });
  afterEach(() => database.asAdmin('truncate events.things'));

  const add = (prefix: string, count: number, dueAt: Date) =>
    database.asAdmin(`insert into events.things select n % 7 + 1, $1 || n, $2 from generate_series(1, $3::integer) n`, [
      prefix,
      dueAt,
      count,
    ]);
  const ended = () => database.asAdmin<{ id: string }>('select id from events.things where ended_at is not null');

  it('is done when its time has come and not before, as the system, of every organization', async () => {
    await add('early', 3, noon);
    await add('late', 2, hoursAfterNoon(1));
    expect(await worker.run(ending, hoursAfterNoon(-1))).toEqual({ done: 0, failed: 0 });
    expect(await worker.run(ending, noon)).toEqual({ done: 3, failed: 0 });
    expect(await worker.run(ending, noon)).toEqual({ done: 0, failed: 0 });
    expect(await worker.run(ending, hoursAfterNoon(2))).toEqual({ done: 2, failed: 0 });
    expect(
      await database.asAdmin('select distinct ended_as as role, ended_at as at from events.things order by 2'),
    ).toEqual([
      { role: 'system', at: noon },
      { role: 'system', at: hoursAfterNoon(2) },
    ]);
  });

  it('goes on past what fails, and leaves that alone for a while', async () => {
    await add('broken', 110, noon);
    await add('sound', 120, hoursAfterNoon(1));
    expect(await worker.run(ending, hoursAfterNoon(1))).toEqual({ done: 120, failed: 110 });
    expect(await ended()).toHaveLength(120);
    expect(await worker.run(ending, hoursAfterNoon(2))).toEqual({ done: 0, failed: 0 });
  });

  it('ends a round although something stays due', async () => {
    await add('stays', 120, noon);
    await add('goes', 120, hoursAfterNoon(1));
    expect(await worker.run(ending, hoursAfterNoon(1))).toEqual({ done: 240, failed: 0 });
  });
});
