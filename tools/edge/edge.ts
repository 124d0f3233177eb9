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

type Say = (line: string) => void;

interface Options {
  readonly reason?: string;
  readonly isDryRun: boolean;
  readonly say: Say;
}

async function status(edge: EdgeState, say: Say): Promise<void> {
  const known = await edge.families.all();
  for (const family of families) {
    const { step, reason, isHeld } = known.states.get(family) ?? newFamilyState;
    say(
      [family.padEnd(12), step.padEnd(9), isHeld ? 'held' : '', step === 'baseline' ? '' : reason].join(' ').trimEnd(),
    );
  }
  const { states, now } = await edge.providers.all();
  for (const [name, { breaker, pausedUntil }] of states) {
    const pause = pausedUntil > now ? `, left alone for ${Math.ceil((pausedUntil - now) / 1_000)} s` : '';
    say(`${name.padEnd(12)} breaker ${breakerAt(breaker, now).state}${pause}`);
  }
  const { rows } = await edge.pool.query<{ line: string }>(
    `select made_at::timestamp(0) || '  ' || family || ': ' || step_before || ' -> ' || step_after || ', by ' || made_by || ': ' || reason as line
     from edge.family_changes order by id desc limit 20`,
  );
  for (const { line } of rows) say(line);
}

async function set(edge: EdgeState, [step, ...asked]: string[], { reason, isDryRun, say }: Options): Promise<void> {
  if (!familySteps.includes(step as FamilyStep) || asked.length === 0 || !reason) throw new Error(usage);
  const wanted = asked.includes('all') ? families : asked;
  const by = { reason, madeBy: `command: ${userInfo().username}`, isDryRun };
  const changes = await new Rollback(edge, families).set(wanted, step as FamilyStep, by);
  for (const { family, before, after } of changes)
    say(`${family}: ${before} -> ${after}${isDryRun ? ' (not done)' : ''}`);
  if (changes.length === 0) say('nothing to change');
}

async function breaker(edge: EdgeState, [act, provider]: string[], { isDryRun, say }: Options): Promise<void> {
  if (!provider || (act !== 'open' && act !== 'close')) throw new Error(usage);
  const { state, now } = await edge.providers.read(provider);
  const before = breakerAt(state.breaker, now).state;
  if (!isDryRun) await (act === 'open' ? tripBreaker : closeBreaker)(edge, provider);
  say(`${provider}: ${before} -> ${act === 'open' ? 'open' : 'closed'}${isDryRun ? ' (not done)' : ''}`);
}

async function empty(source: NodeJS.ProcessEnv, { isDryRun, say }: Options): Promise<void> {
  for (const { name, purgeEverything } of providersFrom(
    readEnvironment(purgeEnvironment, source),
    createLogger('edge', 'warn'),
  )) {
    if (!purgeEverything) say(`${name}: has no request for that`);
    else {
      if (!isDryRun) await purgeEverything();
      say(`${name}: emptied${isDryRun ? ' (not done)' : ''}`);
    }
  }
}

/** What an operator does about the edge when something is wrong; says line by line what it does. */
export async function runEdge(args: readonly string[], source: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { reason: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const [act, ...rest] = positionals;
  const options = { reason: values.reason, isDryRun: values['dry-run'], say };
  const { DATABASE_URL, DIRECTORY_DATABASE_URL, DATABASE_ROLE_SECRET } = readEnvironment(environmentSchema, source);
  const url = roleUrl(DIRECTORY_DATABASE_URL ?? DATABASE_URL, databaseRoles.worker, DATABASE_ROLE_SECRET);
  const pool = new Pool({ connectionString: url, max: 1 });
  const edge = new EdgeState(pool);
  try {
    if (act === 'status') await status(edge, say);
    else if (act === 'set') await set(edge, rest, options);
    else if (act === 'breaker') await breaker(edge, rest, options);
    else if (act === 'empty') await empty(source, options);
    else throw new Error(usage);
  } finally {
    await pool.end();
  }
}
