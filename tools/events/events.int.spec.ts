import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';

const program = resolve(__dirname, '../../dist/tools/events/main.js');

describe('npm run events', () => {
  let database: TestDatabase;
  let folder: string;
  let months: readonly string[];

  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: database.adminUrl, DATABASE_ROLE_SECRET: database.roleSecret };
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, out, said };
  };
  const json = async <T>(...args: string[]) => {
    const { code, out, said } = await run(...args, '--json');
    if (out === '') throw new Error(said);
    return { code, data: JSON.parse(out) as T };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'innkeep-events-'));
    const rows = await database.asAdmin<{ month: string }>(
      `select to_char(date_trunc('month', now() at time zone 'UTC') - make_interval(months => n), 'YYYY-MM') as month from generate_series(0, 2) n order by n`,
    );
    months = rows.map(({ month }) => month);
    // One event in each of the two months that are over, followed by a projector.
    for (const [index, month] of [months[2]!, months[1]!].entries()) {
      const partition = `events.log_${month.replace('-', '_')}`;
      await database.asAdmin(
        `set time zone 'UTC';
         create table ${partition} partition of events.log for values from ('${month}-01') to ('${month}-01'::date + interval '1 month');
         alter table ${partition} owner to innkeep_migrator; select app.protect('${partition}');
         insert into events.log (bucket, position, organization_id, version, recorded_at, type, schema_version, data)
           values (7, ${index + 1}, 1, ${index + 1}, '${month}-15', 'Counted', 1, '{"amount": 12345678901234567890.10}')`,
      );
    }
    await database.asAdmin(
      `update events.buckets set position = 2 where bucket = 7;
       insert into events.checkpoints (track, bucket, position) select 'live', bucket, position from events.buckets where bucket <> 7;
       insert into events.checkpoints (track, bucket, position) values ('live', 7, 1)`,
    );
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const today = () => new Date().toISOString().slice(0, 10);

  it('explains itself when it is not understood, and ends with 2', async () => {
    for (const args of [
      [],
      ['archive'],
      ['archive', '--before', '2026-02-30', '--to', folder],
      ['archive', '--before', today()],
      ['restore'],
      ['restore', '--from', folder, '--month', '2026'],
      ['list', '--to', folder],
      ['remove', 'everything'],
      ['new-epoch', '--month', '2026-01'],
    ]) {
      const { code, said } = await run(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(said).toContain('usage: npm run events');
    }
  });

  it('begins an epoch that no restored database has given out', async () => {
    const epochs = () =>
      database.asAdmin<{ epoch: number; buckets: number }>(
        'select epoch, count(*)::int as buckets from directory.buckets group by epoch order by epoch',
      );
    expect(await epochs()).toEqual([{ epoch: 1, buckets: 1_024 }]);
    const { code, data } = await json<{ epoch: number }>('new-epoch');
    expect([code, await epochs()]).toEqual([0, [{ epoch: data.epoch, buckets: 1_024 }]]);
    expect(data.epoch * 60_000).toBeGreaterThan(Date.parse('2026-01-01'));
    expect((await json<{ epoch: number }>('new-epoch')).data.epoch).toBeGreaterThan(data.epoch);
  });

  it('shows the months, and who still needs one that is over', async () => {
    const { code, data } = await json<object[]>('list');
    expect(code).toBe(0);
    expect(data).toMatchObject([
      { month: months[2], isArchived: false, neededBy: [] },
      { month: months[1], isArchived: false, neededBy: ['checkpoint of live (1 buckets)'] },
      { month: months[0], isArchived: false, neededBy: [] },
    ]);
  });

  it('moves what nobody needs, stops at what somebody does, and ends with 1', async () => {
    const { code, data } = await json<object>('archive', '--before', today(), '--to', folder);
    expect(data).toEqual({
      moved: [
        {
          month: months[2],
          events: 1,
          bytes: expect.any(Number),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          seconds: expect.any(Number),
        },
      ],
      refusal: `${months[1]}: it is still needed: checkpoint of live (1 buckets)`,
    });
    expect(code).toBe(1);
    await database.asAdmin('update events.checkpoints set position = 2 where bucket = 7');
    const second = await json<{ moved: object[] }>('archive', '--before', today(), '--to', folder);
    expect(second).toMatchObject({ code: 0, data: { moved: [{ month: months[1] }], refusal: null } });
    expect(await json('archive', '--before', today(), '--to', folder)).toEqual({
      code: 0,
      data: { moved: [], refusal: null },
    });
  });

  it('takes no month that is not over by the day given', async () => {
    const before = `${months[0]}-01`;
    expect(await database.asAdmin('select from events.log')).toEqual([]);
    await json('restore', '--from', folder);
    expect(await json('archive', '--before', `${months[1]}-28`, '--to', folder)).toMatchObject({ data: { moved: [] } });
    expect(await json('archive', '--before', before, '--to', folder)).toMatchObject({
      data: { moved: [{ month: months[1] }] },
    });
  });

  it('finds a damaged file, and does not put back what it holds', async () => {
    const whole = await json<object[]>('list', '--in', folder);
    expect(whole).toMatchObject({ code: 0, data: [{ file: 'whole' }, { file: 'whole' }, { month: months[0] }] });
    const path = join(folder, `events-${months[1]}.jsonl.gz`);
    await appendFile(path, 'x');
    const said = `${path}: its checksum is not the one of the archive`;
    expect(await json('list', '--in', folder)).toMatchObject({
      code: 1,
      data: [{ file: 'whole' }, { file: said }, {}],
    });
    expect(await json('restore', '--from', folder)).toEqual({ code: 1, data: { moved: [], refusal: said } });
  });

  it('puts everything back from a month on, number for number', async () => {
    await rm(join(folder, `events-${months[1]}.jsonl.gz`));
    await database.asAdmin(`delete from events.archived_partitions where month = '${months[1]}-01'`);
    const { code, said } = await run('restore', '--from', folder, '--month', months[1]!);
    expect([code, said]).toEqual([1, `${months[1]}: it is not in the archive\n`]);
    expect(await json('restore', '--from', folder, '--month', months[2]!)).toMatchObject({
      code: 0,
      data: { moved: [{ month: months[2], events: 1 }] },
    });
    expect(await database.asAdmin(`select data->>'amount' as amount from events.log`)).toEqual([
      { amount: '12345678901234567890.10' },
    ]);
  });
});
