import { type Projection, createBatchTable } from '@innkeep/platform/events';
import type { MasterKeys } from '@innkeep/platform/privacy';
import { hashPassword } from '@innkeep/platform/security';
import { Client } from 'pg';
import type { Common } from './made-up-organization';
import { announceMasterKey, checkReadiness, takeIds } from './readiness';
import { ShareRows } from './share-rows';
import { type FirstIds, type Share, type Size, sharesOf } from './size';
import { writeShare } from './write-share';
import { type BareCopy, copyBare, dropBareTables, makeBareTables } from './yardstick';

/** How many shares are written at the same time: this process makes up the rows of one while PostgreSQL takes another's. */
const LANES = 3;
/** How much is copied once more to compare with: enough that what a moment brings does not show. */
const BARE_BYTES = 200_000_000;

export interface Seeding {
  readonly databaseUrl: string;
  readonly masterKeys: MasterKeys;
  readonly projections: readonly Projection[];
  readonly size: Size;
  readonly password: string;
  /** Told how far it is, now and then. */
  say(line: string): void;
}

/** What a seeding has done. */
export interface Seeded {
  readonly first: FirstIds;
  readonly events: number;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly bareBytesPerSecond: number;
  readonly databaseBytes: number;
  readonly walBytes: number;
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'seed', pipeline: true });
  // Who waits for a statement is told of a lost connection by it; without this the process would end before it has stopped its servers.
  client.on('error', () => undefined);
  await client.connect();
  // What a crash would lose is seeded again; a fold of a whole share is a large statement that nobody waits for.
  await client.query("set synchronous_commit = off; set statement_timeout = 0; set work_mem = '64MB'; set jit = off");
  return client;
}

/** Writes organizations straight into the database, as the product would have left them. */
export async function seedByCopy(seeding: Seeding): Promise<Seeded> {
  const { size, masterKeys, databaseUrl } = seeding;
  const lanes: Client[] = [];
  try {
    for (let lane = 0; lane < LANES; lane++) lanes.push(await connect(databaseUrl));
    const [admin] = lanes as [Client];
    await checkReadiness(admin, size, masterKeys);
    const walBefore = await walPosition(admin);
    await admin.query('select events.create_partitions(1)');
    await announceMasterKey(admin, masterKeys);
    const first = await takeIds(admin, size);
    const passwordHash = await hashPassword(seeding.password);
    const common: Common = { seed: size.seed, first, passwordHash, masterKeys, now: Date.now() };
    const startedAt = performance.now();
    const written = await writeAll(lanes, seeding, common);
    seeding.say('looking at what is there, for the planner');
    await admin.query('analyze (skip_locked)');
    const seconds = (performance.now() - startedAt) / 1_000;
    const [walBytes, databaseBytes] = [(await walPosition(admin)) - walBefore, await databaseSize(admin)];
    seeding.say('copying a part once more into bare tables, to compare with');
    const bareBytesPerSecond = await measureBareCopy(lanes, size, common);
    return { first, ...written, seconds, bareBytesPerSecond, databaseBytes, walBytes };
  } finally {
    await Promise.all(lanes.map((lane) => lane.end().catch(() => undefined)));
  }
}

async function writeAll(lanes: readonly Client[], seeding: Seeding, common: Common) {
  const { size, projections, say } = seeding;
  const sum = { events: 0, rows: 0, bytes: 0 };
  let [done, transactions] = [0, 0];
  const shares = sharesOf(size, common.first);
  const startedAt = performance.now();
  const report = setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const share = (transactions + done) / (size.transactions + size.organizations);
    const left = share > 0 ? `${Math.ceil(seconds / share - seconds)} s left` : 'just begun';
    say(
      `${rounded(done)} of ${rounded(size.organizations)} organizations, ${rounded(transactions)} of ${rounded(size.transactions)} ` +
        `transactions, ${rounded(transactions / seconds)} a second, ${left}`,
    );
  }, 2_000);
  const write = async (client: Client, share: Share) => {
    const written = await writeShare(client, share, { common, projections });
    sum.events += written.events;
    sum.rows += written.rows;
    sum.bytes += written.bytes;
    done += share.organizations.length;
    for (const organization of share.organizations) transactions += organization.transactions;
  };
  try {
    // By itself: the owner of the first organization is what tells a later seeding that there was one, even one that broke off.
    const beginning = shares.next().value as Share;
    await inLanes(lanes.slice(0, 1), [beginning].values(), write);
    await inLanes(lanes, shares, write);
  } finally {
    clearInterval(report);
  }
  return sum;
}

/** Each lane takes the next share when it is through with its last. The first error ends all. */
async function inLanes(
  lanes: readonly Client[],
  shares: Iterator<Share>,
  work: (client: Client, share: Share) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  const outcomes = await Promise.allSettled(
    lanes.map(async (client) => {
      await client.query(createBatchTable);
      for (let next = shares.next(); !next.done && !hasFailed; next = shares.next()) {
        await work(client, next.value).catch((error: unknown) => {
          hasFailed = true;
          throw error;
        });
      }
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Bytes a second that all lanes together copy into bare tables. */
async function measureBareCopy(lanes: readonly Client[], size: Size, common: Common): Promise<number> {
  const [admin] = lanes as [Client];
  const sum: BareCopy = { bytes: 0, seconds: 0 };
  const some = function* () {
    for (const share of sharesOf(size, common.first)) {
      if (sum.bytes >= BARE_BYTES) return;
      yield share;
    }
  };
  await makeBareTables(admin, new ShareRows());
  try {
    await inLanes(lanes, some(), (client, share) => copyBare(client, share, common, sum));
  } finally {
    await dropBareTables(admin);
  }
  return (sum.bytes / Math.max(sum.seconds, 0.001)) * Math.min(LANES, Math.ceil(sum.bytes));
}

const walPosition = async (client: Client): Promise<number> =>
  Number((await client.query<{ at: string }>("select pg_current_wal_lsn() - '0/0' as at")).rows[0]!.at);

const databaseSize = async (client: Client): Promise<number> =>
  Number((await client.query<{ size: string }>('select pg_database_size(current_database()) as size')).rows[0]!.size);

/** A number for people: `41,200`. */
export const rounded = (value: number): string => Math.round(value).toLocaleString('en');
