import type { RecordedEvent } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { addOrganizations, endSessions, eventually } from '@innkeep/testing';
import { Counted, type Entry, type LogUnderTest, Renamed, expectedRows, openLog, projections } from './log-under-test';
import type { Projection } from './projection';
import { Projector } from './projector';
import { type Reactor, defineReactor } from './reactor';

describe('a projector', () => {
  let log: LogUnderTest;
  const running: Projector[] = [];
  const failures: { during: string; at: number }[] = [];
  beforeAll(async () => {
    log = await openLog();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.stop()));
    failures.splice(0);
    await log.reset();
  });
  afterAll(() => log.close());

  const start = async (reactors: readonly Reactor[] = [], applicationName?: string, folds = projections) => {
    const projector = new Projector(await log.openShard(applicationName), folds, reactors, {
      folded: () => undefined,
      reacted: () => undefined,
      failed: (_error, during) => failures.push({ during, at: performance.now() }),
      parked: () => undefined,
      outdated: () => undefined,
    });
    await projector.start();
    running.push(projector);
    return projector;
  };
  const stop = async (projector: Projector) => {
    running.splice(running.indexOf(projector), 1);
    await projector.stop();
  };

  /** Writes by four at once into organizations of which two share a bucket, and tells what the read models should come to. */
  const writeMany = async (meanwhile: (round: number) => Promise<unknown> = async () => undefined) => {
    const organizations = await addOrganizations(log.database, [100, 100, 101, 900]);
    const written = new Map<number, Entry[]>();
    for (let round = 0; round < 12; round++) {
      await Promise.all([
        meanwhile(round),
        ...organizations.map(async (organization, index) => {
          const entries: Entry[] = [round * (index + 1), `round ${round}`, undefined];
          await log.write(organization, entries);
          written.set(organization.organizationId, [...(written.get(organization.organizationId) ?? []), ...entries]);
        }),
      ]);
    }
    return expectedRows(written);
  };
  const caughtUp = (expected: unknown) => eventually(async () => expect(await log.rows()).toEqual(expected));

  it('folds what is written while it runs, every event once', async () => {
    const projector = await start();
    await caughtUp(await writeMany(async () => projector.hint()));
    expect(failures).toEqual([]);
  });

  it('folds what was written before it started', async () => {
    await stop(await start());
    const expected = await writeMany();
    await start();
    await caughtUp(expected);
  });

  it('finds what is written by itself when no hint comes', async () => {
    await start();
    await caughtUp(await writeMany());
  });

  it('shares the work with another, or takes it over, without counting anything twice', async () => {
    const first = await start([], 'first');
    const second = await start([], 'second');
    const expected = await writeMany(async (round) => {
      first.hint();
      second.hint();
      // Leases are torn from whoever holds them, so that both believe for a while that they look after a bucket.
      await log.asAdmin(`update events.projectors set lease_until = '-infinity'`);
      if (round === 8) await stop(first);
    });
    await caughtUp(expected);
    expect(second.ownedBuckets).toBeGreaterThan(0);
  });

  it('takes over the buckets of one that was stopped', async () => {
    const first = await start();
    await stop(first);
    const second = await start();
    await eventually(() => expect(second.ownedBuckets).toBe(1_024));
    expect(first.ownedBuckets).toBe(0);
  });

  it('goes on after its connections were ended in the middle of it, and counts nothing twice', async () => {
    const projector = await start([], 'victim');
    let ended = 0;
    const expected = await writeMany(async (round) => {
      projector.hint();
      if (round % 6 === 3) ended += await endSessions(log.database, 'victim');
    });
    await caughtUp(expected);
    expect(ended).toBeGreaterThan(0);
    expect(failures.length).toBeGreaterThan(0);
  });

  it('goes on after it was ended while it held a batch that was folded and not committed', async () => {
    const [organization] = await addOrganizations(log.database, [200]);
    const written: Entry[] = [1, 'one', 2];
    let hasEnded = false;
    const [first, ...others] = projections;
    const dies: Projection = {
      ...first!,
      fold: (batch, table) => {
        if (hasEnded) return first!.fold(batch, table);
        hasEnded = true;
        return sql`select pg_terminate_backend(pg_backend_pid())`;
      },
    };
    await start([], undefined, [...others, dies]);
    await log.write(organization!, written);
    await caughtUp(expectedRows(new Map([[organization!.organizationId, written]])));
    expect(failures.map(({ during }) => during)).toContain('follow');
  });

  it('does not hammer a database that is away, however many hints come', async () => {
    const projector = await start([], 'victim');
    const { name } = log.database;
    await log.asAdmin(`alter database ${name} with connection limit 0`);
    await endSessions(log.database, 'victim');
    await eventually(() => {
      projector.hint();
      expect(failures.filter(({ during }) => during === 'follow').length).toBeGreaterThan(4);
    });
    // Two lanes follow the log: each of them tries for itself.
    const times = failures.filter(({ during }) => during === 'follow').map(({ at }) => at);
    const pauses = times.slice(2).map((at, index) => at - times[index]!);
    expect(Math.min(...pauses)).toBeGreaterThan(100);
    await log.asAdmin(`alter database ${name} with connection limit -1`);
    await caughtUp(await writeMany());
  });

  describe('with a reactor', () => {
    const noted = (react: (events: readonly RecordedEvent[]) => Promise<void> = async () => undefined) => {
      const seen: RecordedEvent[] = [];
      const reactor = defineReactor({
        name: 'noted',
        trails: projections.map((projection) => projection.name),
        events: [Counted, Renamed],
        async react(events) {
          await react(events);
          seen.push(...events);
        },
      });
      return { seen, reactor };
    };

    it('shows it every event it wants, in order, only once the read models have it', async () => {
      const behind: unknown[] = [];
      const { seen, reactor } = noted(async (events) => {
        // Through another connection: what the reactor acts on is committed.
        for (const { organizationId, version, type } of events) {
          if (type !== 'Counted') continue;
          const rows = await log.asAdmin('select from tally.counts where organization_id = $1 and version = $2', [
            organizationId,
            version,
          ]);
          if (rows.length !== 1) behind.push({ organizationId, version });
        }
      });
      await start([reactor]);
      const [one, other] = await addOrganizations(log.database, [300, 300]);
      for (let round = 0; round < 5; round++) {
        await log.write(one!, [round, undefined, 'a name']);
        await log.write(other!, [round]);
      }
      await eventually(() => expect(seen).toHaveLength(15));
      expect(behind).toEqual([]);
      const versions = (id: number) =>
        seen.filter(({ organizationId }) => organizationId === id).map(({ version }) => version);
      expect(versions(one!.organizationId)).toEqual([1, 3, 4, 6, 7, 9, 10, 12, 13, 15]);
      expect(versions(other!.organizationId)).toEqual([1, 2, 3, 4, 5]);
      expect(seen.map(({ position }) => position)).toEqual(
        [...seen.map(({ position }) => position)].sort((a, b) => a - b),
      );
      expect(seen[0]).toMatchObject({
        bucket: 300,
        type: 'Counted',
        schemaVersion: 1,
        actorId: 1,
        requestId: 'a-request',
        data: { amount: 0 },
      });
    });

    it('that throws shows it the same events again, and holds up neither read models nor other reactors', async () => {
      let refusals = 0;
      const stuck = noted(async () => {
        if (++refusals <= 3) throw new Error('the other side is away');
      });
      const other = noted();
      // Trailing otherwise, so that they share no look at the log: what one of a company cannot do, none has done.
      await start([stuck.reactor, { ...other.reactor, name: 'other', trails: [] }]);
      const [organization] = await addOrganizations(log.database, [301]);
      await log.write(organization!, [1, 2]);
      await caughtUp(expectedRows(new Map([[organization!.organizationId, [1, 2]]])));
      await eventually(() => expect(other.seen).toHaveLength(2));
      await eventually(() => expect(stuck.seen.map(({ version }) => version)).toEqual([1, 2]));
      expect(refusals).toBe(4);
      expect(failures.map(({ during }) => during)).toEqual(Array(3).fill('reactor noted'));
    });

    it('that was killed after the effect and before the commit repeats the effect, and loses none', async () => {
      let isFirst = true;
      const { seen, reactor } = noted();
      const dies = defineReactor({
        ...reactor,
        async react(events, reaction) {
          await reactor.react(events, reaction);
          if (!isFirst) return;
          isFirst = false;
          await endSessions(log.database, 'victim');
        },
      });
      await start([dies], 'victim');
      const [organization] = await addOrganizations(log.database, [302]);
      await log.write(organization!, [1]);
      await eventually(() => expect(seen.map(({ version }) => version)).toEqual([1, 1]));
      await log.write(organization!, [2]);
      await eventually(() => expect(seen.map(({ version }) => version)).toEqual([1, 1, 2]));
    });

    it('commits what it writes with its checkpoint', async () => {
      await log.asAdmin(
        'create table tally.effects (version bigint primary key); grant insert on tally.effects to innkeep_projector',
      );
      let isFirst = true;
      await start([
        defineReactor({
          name: 'writes',
          trails: [],
          events: [Counted],
          async react(events, reaction) {
            for (const { version } of events) await reaction.query(sql`insert into tally.effects values (${version})`);
            if (isFirst) {
              isFirst = false;
              throw new Error('after all');
            }
          },
        }),
      ]);
      const [organization] = await addOrganizations(log.database, [303]);
      await log.write(organization!, [1, 2]);
      await eventually(async () =>
        expect(await log.asAdmin('select version::int from tally.effects order by 1')).toEqual([
          { version: 1 },
          { version: 2 },
        ]),
      );
      expect(isFirst).toBe(false);
    });
  });
});
