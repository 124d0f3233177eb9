// PostgreSQL refuses to run as root. Started by root it runs as the user `postgres`, who must be able to reach the
// programs and the data; where that user may not go (a clone under /root), both move to /var/lib/innkeep.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { say, Trouble } from './progress.mjs';

const userName = 'postgres';
const elsewhere = '/var/lib/innkeep';

function lookUp(name) {
  try {
    const id = (flag) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function createUser() {
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  const made = spawnSync('useradd', [...args, '--shell', '/usr/sbin/nologin', userName], { encoding: 'utf8' });
  if (made.status === 0) return lookUp(userName);
  throw new Trouble(
    `PostgreSQL does not run as root, and a user "${userName}" for it could not be made` +
      ` (${made.stderr?.trim() || made.error?.message}). Make one, or start as another user, or set DATABASE_URL.`,
  );
}

/** Whom PostgreSQL runs as: nothing special for a normal user, the uid and gid of `postgres` for root. */
export function postgresAccount() {
  if (process.getuid?.() !== 0) return undefined;
  return lookUp(userName) ?? createUser();
}

/** Can this account do what the shell test says with the path? Tried, not computed: groups, ACLs and mounts have a say. */
function may(account, test, path) {
  const { status } = spawnSync('/bin/sh', ['-c', `test ${test} "$0"`, path], { ...account, cwd: '/' });
  return status === 0;
}

async function prepareElsewhere() {
  try {
    await mkdir(elsewhere, { recursive: true });
    await chmod(elsewhere, 0o755);
  } catch (error) {
    throw new Trouble(
      `The user "${userName}" may not enter this folder, and ${elsewhere} cannot be made instead (${error.code}).` +
        ' Clone to a folder that others may enter, or set DATABASE_URL.',
    );
  }
}

/** The programs at a place where the account can run them: where they are, or a copy made once for this version. */
export async function reachablePrograms(account, native, version) {
  const runs = (folder) => {
    const tried = spawnSync(join(folder, 'bin/postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
    return tried.status === 0 && may(account, '-r', join(folder, 'share/postgresql/postgres.bki'));
  };
  if (runs(native)) return native;
  if (!account)
    throw new Trouble(
      `${join(native, 'bin/postgres')} does not run on this machine. Set DATABASE_URL to a server of your own.`,
    );
  const copy = join(elsewhere, `postgresql-${version}-${process.arch}`);
  if (runs(copy)) return copy;
  await prepareElsewhere();
  const draft = await mkdtemp(join(elsewhere, '.copy-'));
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', draft]);
  await rm(copy, { recursive: true, force: true });
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  if (runs(copy)) return copy;
  throw new Trouble(`PostgreSQL does not run as the user "${userName}", neither from ${native} nor from ${copy}.`);
}

/** The folder for the data: the one asked for, or, where the account may not go there, one elsewhere with a link to it. */
export async function reachableFolder(account, folder) {
  await mkdir(dirname(folder), { recursive: true });
  const existing = await realpath(folder).catch(() => undefined);
  // A link to a place that is gone says that the data is gone too.
  if (!existing) await rm(folder, { force: true });
  if (!account) return existing ?? folder;
  if (existing && may(account, '-x', existing)) return existing;
  if (existing) {
    throw new Trouble(
      `The user "${userName}" may not enter ${existing}. Let others enter the folders above it (chmod o+x).`,
    );
  }
  if (!may(account, '-x', dirname(folder))) {
    await prepareElsewhere();
    const place = await mkdtemp(join(elsewhere, 'data-'));
    await chown(place, account.uid, account.gid);
    await symlink(place, folder);
    say(`  The user "${userName}" may not enter ${dirname(folder)}: the database lives in ${place}.`);
    return place;
  }
  await mkdir(folder);
  await chown(folder, account.uid, account.gid);
  return folder;
}

/** Refuses data that belongs to somebody else, as PostgreSQL would, but in plainer words. */
export async function requireOwner(account, folder) {
  if (!process.getuid) return;
  const wanted = account?.uid ?? process.getuid();
  const { uid } = await stat(folder);
  if (uid === wanted) return;
  const hint = account ? 'was made by another user' : 'was made by another user, perhaps by root';
  throw new Trouble(
    `The database in ${folder} ${hint} (${uid}, not ${wanted}). Start as that user, or choose another DATA_DIR.`,
  );
}
