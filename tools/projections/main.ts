// What a person does with the read models: `npm run projections -- status`, `rebuild`, `verify`, `parked` ...
import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import { ParkedOrganizations, ProjectionOperations, readLag, readStatus } from '@innkeep/platform/events';
import { MasterKeys } from '@innkeep/platform/privacy';
import { Pool } from 'pg';
import { z } from 'zod';
import { type Arguments, readArguments, usage } from './arguments';
import { ProgressLine, printRows } from './output';

const environmentSchema = z.object({
  DATABASE_URL: z.string().min(1),
  DATABASE_ROLE_SECRET: z.string().min(1),
  MASTER_KEYS: z.string().min(2),
});
const projections = features.flatMap((feature) => [...(feature.projections ?? [])]);

class WrongUse extends Error {}

const say = (isJson: boolean, text: string, data: object) => console.log(isJson ? JSON.stringify(data) : text);

async function countEvents(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    'select coalesce(sum(position), 0) as count from events.buckets',
  );
  return Number(rows[0]!.count);
}

async function verify(
  pool: Pool,
  operations: ProjectionOperations,
  names: readonly string[],
  { isJson, archive }: Arguments,
): Promise<number> {
  const results = [];
  for (const name of names) {
    const progress = new ProgressLine(`verify ${name}`, await countEvents(pool), isJson);
    const differences = await operations.verify(name, (events) => progress.add(events), archive);
    results.push({
      projection: name,
      differingOrganizations: differences.length,
      examples: differences.slice(0, 5),
      ...progress.done(),
    });
  }
  if (isJson) console.log(JSON.stringify(results));
  else
    console.table(
      results.map(({ examples, ...rest }) => ({
        ...rest,
        examples: examples.map((one) => one.organizationId).join(' '),
      })),
    );
  return results.every(({ differingOrganizations }) => differingOrganizations === 0) ? 0 : 1;
}

async function parked(pool: Pool, masterKeys: MasterKeys, { words, isJson, reason }: Arguments): Promise<number> {
  const organizations = new ParkedOrganizations(pool, projections, masterKeys);
  const [, action = 'list', name, organization] = words;
  if (action === 'list') {
    const list = await organizations.list(name);
    printRows(list, isJson, 'nothing is parked');
    return list.length === 0 ? 0 : 1;
  }
  const organizationId = Number(organization);
  if (!name || !Number.isSafeInteger(organizationId)) throw new WrongUse();
  if (action === 'show') {
    const event = await organizations.show(name, organizationId);
    if (!event) throw new Error(`organization ${organizationId} is not parked in ${name}`);
    console.log(JSON.stringify(event, undefined, 2));
    return 0;
  }
  if (action !== 'retry' && (action !== 'skip' || !reason)) throw new WrongUse();
  const isBack =
    action === 'retry'
      ? await organizations.retry(name, organizationId)
      : await organizations.skip(name, organizationId, reason!);
  say(isJson, isBack ? `organization ${organizationId} is back` : 'parked again: see `parked show`', {
    organizationId,
    projection: name,
    isBack,
  });
  return isBack ? 0 : 1;
}

async function execute(pool: Pool, masterKeys: MasterKeys, given: Arguments): Promise<number> {
  const { words, isJson } = given;
  const [command, name] = words;
  const operations = new ProjectionOperations(pool, projections, masterKeys);
  if (command === 'status')
    printRows(await readStatus(pool), isJson, 'no read model is registered yet: start the projector');
  else if (command === 'lag') printRows(await readLag(pool), isJson, 'nothing follows the log yet');
  else if (command === 'verify')
    return verify(pool, operations, name ? [name] : (await readStatus(pool)).map((one) => one.name), given);
  else if (command === 'parked') return parked(pool, masterKeys, given);
  else if (!name) throw new WrongUse();
  else if (command === 'pause') {
    const changed = await operations.pause(name);
    say(isJson, changed ? `${name} is paused` : `${name} was not live`, { projection: name, changed });
  } else if (command === 'resume' || command === 'rebuild') {
    const progress = new ProgressLine(`${command} ${name}`, await countEvents(pool), isJson);
    const report = (events: number) => progress.add(events);
    const changed =
      command === 'resume'
        ? await operations.resume(name, report)
        : await operations.rebuild(name, report, given.archive).then(() => true);
    const done = progress.done();
    const text = `${name} is live: ${done.events.toLocaleString('en')} events in ${done.seconds} s, ${done.eventsPerSecond.toLocaleString('en')} a second`;
    say(isJson, changed ? text : `${name} was not paused`, { projection: name, changed, ...done });
  } else if (command === 'drop-before') {
    await operations.dropBefore(name);
    say(isJson, `the table before ${name} is gone`, { projection: name });
  } else throw new WrongUse();
  return 0;
}

async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2));
  if (!given) throw new WrongUse();
  const { DATABASE_URL, DATABASE_ROLE_SECRET, MASTER_KEYS } = readEnvironment(environmentSchema);
  const pool = new Pool({
    connectionString: roleUrl(DATABASE_URL, databaseRoles.projector, DATABASE_ROLE_SECRET),
    max: 3,
    pipeline: true,
    application_name: 'projections-tool',
  });
  try {
    return await execute(pool, MasterKeys.fromJson(MASTER_KEYS), given);
  } finally {
    await pool.end();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof WrongUse ? usage : (error as Error).message);
    process.exitCode = 2;
  },
);
