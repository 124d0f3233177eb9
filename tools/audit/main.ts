// Looks whether anybody has changed the audit log or the event log behind it: `npm run audit -- verify`.
import { parseArgs } from 'node:util';
import { type Anchor, type Break, ChainVerification } from '@innkeep/features/audit';
import { readEnvironment } from '@innkeep/platform/config';
import { databaseRoles, roleUrl } from '@innkeep/platform/database';
import { Pool } from 'pg';
import { z } from 'zod';
import { ProgressLine } from '../projections/output';

const usage = `usage: npm run audit -- verify [--organization <id>] [--anchor <version>:<hash>] [--archive <folder>] [--json]

  verify    compute the chain of hashes anew and compare it with what is kept, and with the event log

--organization: of one organization only
--anchor: what GET /v1/audit-log/verification has answered of it before; for one organization only
--archive: where the files of the months are that npm run events has moved out of the database

exit codes: 0 nothing was changed, 1 something was, 2 wrong use or no connection`;

const environmentSchema = z.object({ DATABASE_URL: z.string().min(1), DATABASE_ROLE_SECRET: z.string().min(1) });

class WrongUse extends Error {}

interface Arguments {
  readonly organizationId?: number;
  readonly anchor?: Anchor;
  readonly archive?: string;
  readonly isJson: boolean;
}

function readArguments(): Arguments {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { organization: text, anchor: text, archive: text, json: { type: 'boolean', default: false } },
    });
    const organizationId = values.organization === undefined ? undefined : Number(values.organization);
    const anchor = /^(\d{1,15}):([\da-f]{64})$/.exec(values.anchor ?? '');
    const isWrong =
      positionals.join() !== 'verify' ||
      (organizationId !== undefined && !(Number.isSafeInteger(organizationId) && organizationId > 0)) ||
      (values.anchor !== undefined && !(anchor && organizationId));
    if (isWrong) throw new WrongUse();
    return {
      organizationId,
      archive: values.archive,
      isJson: values.json,
      anchor: anchor ? { organizationId: organizationId!, version: Number(anchor[1]), hash: anchor[2]! } : undefined,
    };
  } catch {
    throw new WrongUse();
  }
}

async function verify(pool: Pool, { organizationId, anchor, archive, isJson }: Arguments): Promise<number> {
  const verification = new ChainVerification(pool);
  const { rows } = await pool.query<{ count: string }>(
    'select coalesce(sum(position), 0) as count from events.buckets',
  );
  const progress = new ProgressLine('verify', Number(rows[0]!.count), isJson);
  const verified = await verification.verify(organizationId, archive, (entries) => progress.add(entries));
  const breaks: Break[] = [...verified.breaks, ...(anchor ? await verification.compareAnchor(anchor) : [])];
  if (isJson) console.log(JSON.stringify({ ...verified, breaks, ...progress.done() }));
  else {
    const { organizations, entries, waiting, notCompared } = verified;
    console.log(`${entries.toLocaleString('en')} entries of ${organizations.toLocaleString('en')} organizations`);
    if (waiting > 0) console.log(`${waiting} events are not in the audit log yet`);
    if (notCompared > 0)
      console.log(`${notCompared} entries were not compared with the log: their months are in the archive (--archive)`);
    if (breaks.length === 0) console.log('nothing was changed');
    else console.table(breaks);
  }
  return breaks.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const given = readArguments();
  const { DATABASE_URL, DATABASE_ROLE_SECRET } = readEnvironment(environmentSchema);
  const pool = new Pool({
    connectionString: roleUrl(DATABASE_URL, databaseRoles.projector, DATABASE_ROLE_SECRET),
    max: 1,
    statement_timeout: 0,
    application_name: 'audit-tool',
  });
  try {
    return await verify(pool, given);
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
