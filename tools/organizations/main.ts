// What a person does with organizations that were closed: `npm run organizations -- delete <id> [--dry-run] [--now]`.
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { features, removeFilesOf } from '@innkeep/assembly';
import { beginDeletion } from '@innkeep/features/identity';
import { readEnvironment } from '@innkeep/platform/config';
import { CommitHints, Directory, Shard, Shards, UnitOfWork, databaseRoles, roleUrl } from '@innkeep/platform/database';
import { countRows, deleteOrganization } from '@innkeep/platform/deletion';
import { filesEnvironment, storageFrom } from '@innkeep/platform/files';
import { z } from 'zod';

const usage = `usage: organizations delete <id> [--dry-run] [--now]

  Deletes all that a closed organization has, ORGANIZATION_GRACE_DAYS (30) after it was closed. It cannot be undone.
  --dry-run  says how many rows each table has of it, and deletes nothing
  --now      does not wait for the days to be over`;

const environmentSchema = z.object({
  DATABASE_URL: z.string().min(1),
  DATABASE_ROLE_SECRET: z.string().min(1),
  ORGANIZATION_GRACE_DAYS: z.coerce.number().min(0).default(30),
  ...filesEnvironment.shape,
});
const DAY_MS = 24 * 3_600_000;

/** Nothing is recorded here that a projector would have to be woken for. */
class NoHints extends CommitHints {
  committed(): void {}
}

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, now: { type: 'boolean', default: false } },
  });
  const [action, id, ...more] = positionals;
  const organizationId = Number(id);
  if (action !== 'delete' || !Number.isSafeInteger(organizationId) || organizationId < 1 || more.length > 0)
    throw new Error(usage);
  return { organizationId, isDry: values['dry-run'], isNow: values.now };
}

async function main(): Promise<void> {
  const { organizationId, isDry, isNow } = readArguments(process.argv.slice(2));
  const environment = readEnvironment(environmentSchema);
  const url = roleUrl(environment.DATABASE_URL, databaseRoles.worker, environment.DATABASE_ROLE_SECRET);
  const shard = await Shard.open('shard-1', { url, poolSize: 3, applicationName: 'innkeep-organizations' });
  try {
    const directory = new Directory(shard.pool);
    const route = await directory.route(organizationId);
    if (!route) throw new Error(`there is no organization ${organizationId}`);
    if (isDry) {
      console.table(await countRows(shard.pool, route));
      return;
    }
    const unitOfWork = new UnitOfWork(directory, new Shards([shard]), new NoHints());
    const days = isNow ? -1 : environment.ORGANIZATION_GRACE_DAYS;
    if (!(await beginDeletion(unitOfWork, organizationId, new Date(Date.now() - days * DAY_MS))))
      throw new Error(`organization ${organizationId} is not closed, or not for ${days} days yet`);
    const storage = await storageFrom(environment);
    const removeFiles = (id: number) => removeFilesOf(features, storage, id);
    const rows = await deleteOrganization({ pool: shard.pool, directory, removeFiles }, route);
    if (rows === undefined)
      throw new Error('the projector has not taken all its events yet: run this again in a moment');
    console.log(`organization ${organizationId} is deleted: ${rows} rows and events`);
  } finally {
    await shard.close();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
