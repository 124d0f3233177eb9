// What an operator does about the edge when something is wrong: `edge status`, `edge set off finance --reason "..." --dry-run`.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { cacheFamilies } from '@innkeep/contracts';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import {
  EdgeState,
  type FamilyStep,
  Rollback,
  breakerAt,
  closeBreaker,
  familySteps,
  newFamilyState,
  providersFrom,
  purgeEnvironment,
  tripBreaker,
} from '@innkeep/platform/edge';
import { createLogger } from '@innkeep/platform/telemetry';
import { Pool } from 'pg';
import { z } from 'zod';

const usage = `usage: edge status
       edge set <${familySteps.join('|')}> <family>...|all --reason <why> [--dry-run]
       edge breaker <open|close> <provider> [--dry-run]
       edge empty [--dry-run]
  set      how long answers of a family may live at the edge: as it says, 120 s, 30 s, not at all
  breaker  whether a provider is asked as usual, or once in ten seconds
  empty    removes everything at every CDN that has a request for that`;

const environmentSchema = z.object({
  DATABASE_URL: z.string().min(1),
  DIRECTORY_DATABASE_URL: z.string().min(1).optional(),
  DATABASE_ROLE_SECRET: z.string().min(1),
});

const families = Object.values(cacheFamilies).map(({ name }) => name);

interface Options {
  readonly reason?: string;
  readonly isDryRun: boolean;
}

async function status(edge: EdgeState): Promise<void> {
  const known = await edge.families.all();
  for (const family of families) {
    const { step, reason, isHeld } = known.states.get(family) ?? newFamilyState;
    console.log(
      [family.padEnd(12), step.padEnd(9), isHeld ? 'held' : '', step === 'baseline' ? '' : reason].join(' ').trimEnd(),
    );
  }
  const { states, now } = await edge.providers.all();
  for (const [name, { breaker, pausedUntil }] of states) {
    const pause = pausedUntil > now ? `, left alone for ${Math.ceil((pausedUntil - now) / 1_000)} s` : '';
    console.log(`${name.padEnd(12)} breaker ${breakerAt(breaker, now).state}${pause}`);
  }
  const { rows } = await edge.pool.query<{ line: string }>(
    `select made_at::timestamp(0) || '  ' || family || ': ' || step_before || ' -> ' || step_after || ', by ' || made_by || ': ' || reason as line
     from edge.family_changes order by id desc limit 20`,
  );
  for (const { line } of rows) console.log(line);
}

async function set(edge: EdgeState, [step, ...asked]: string[], { reason, isDryRun }: Options): Promise<void> {
  if (!familySteps.includes(step as FamilyStep) || asked.length === 0 || !reason) throw new Error(usage);
  const wanted = asked.includes('all') ? families : asked;
  const by = { reason, madeBy: `command: ${userInfo().username}`, isDryRun };
  const changes = await new Rollback(edge, families).set(wanted, step as FamilyStep, by);
  for (const { family, before, after } of changes)
    console.log(`${family}: ${before} -> ${after}${isDryRun ? ' (not done)' : ''}`);
  if (changes.length === 0) console.log('nothing to change');
}

async function breaker(edge: EdgeState, [act, provider]: string[], { isDryRun }: Options): Promise<void> {
  if (!provider || (act !== 'open' && act !== 'close')) throw new Error(usage);
  const { state, now } = await edge.providers.read(provider);
  const before = breakerAt(state.breaker, now).state;
  if (!isDryRun) await (act === 'open' ? tripBreaker : closeBreaker)(edge, provider);
  console.log(`${provider}: ${before} -> ${act === 'open' ? 'open' : 'closed'}${isDryRun ? ' (not done)' : ''}`);
}

async function empty({ isDryRun }: Options): Promise<void> {
  for (const { name, purgeEverything } of providersFrom(
    readEnvironment(purgeEnvironment),
    createLogger('edge', 'warn'),
  )) {
    if (!purgeEverything) console.log(`${name}: has no request for that`);
    else {
      if (!isDryRun) await purgeEverything();
      console.log(`${name}: emptied${isDryRun ? ' (not done)' : ''}`);
    }
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { reason: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const [act, ...rest] = positionals;
  const options = { reason: values.reason, isDryRun: values['dry-run'] };
  const { DATABASE_URL, DIRECTORY_DATABASE_URL, DATABASE_ROLE_SECRET } = readEnvironment(environmentSchema);
  const url = roleUrl(DIRECTORY_DATABASE_URL ?? DATABASE_URL, databaseRoles.worker, DATABASE_ROLE_SECRET);
  const pool = new Pool({ connectionString: url, max: 1 });
  const edge = new EdgeState(pool);
  try {
    if (act === 'status') await status(edge);
    else if (act === 'set') await set(edge, rest, options);
    else if (act === 'breaker') await breaker(edge, rest, options);
    else if (act === 'empty') await empty(options);
    else throw new Error(usage);
  } finally {
    await pool.end();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
