import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type ProofDatabase, openProofDatabase } from './proof-database';
import { OwnRedis } from './own-redis';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { LiveMember } from './live/live-members';
import { LiveWriters, Written } from './live/live-writers';
import { type LiveWorld, makeWorld } from './live/live-world';

const full = {
  organizations: 24,
  members: 384,
  deliveries: 1_000_000,
  rate: 700,
  everyMs: 4_000,
  awayMs: 30_000,
  kinds: 7,
};
const small = { organizations: 3, members: 24, deliveries: 3_000, rate: 120, everyMs: 700, awayMs: 1_000, kinds: 4 };

type Fault = (live: Running) => Promise<string>;

interface Running {
  readonly proving: Proving;
  readonly world: LiveWorld;
  readonly redis: OwnRedis;
  readonly members: readonly LiveMember[];
}

async function onRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** What is done to them, one after the other; connections are dropped all the time. */
const faults: readonly Fault[] = [
  async ({ world, proving }) => {
    const api = proving.random.pick(world.apis);
    await api.kill();
    await sleep(proving.random.integer(1_500));
    await api.start();
    return 'an API was killed';
  },
  async ({ redis, world }) => {
    const gone = await onRedis(redis.urls[0], (one) =>
      one.del(...world.organizations.map(({ organizationId }) => `live:{${organizationId}}:wanted`)),
    );
    return `what happened in ${gone} organizations was told to nobody`;
  },
  async ({ redis }) => {
    await onRedis(redis.urls[0], (one) => one.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    return 'the connections that listen were broken';
  },
  async ({ redis, proving }) => {
    await redis.kill();
    await sleep(500 + proving.random.integer(4_000));
    await redis.startAgain();
    return 'Redis was killed and came back empty';
  },
  async ({ redis }) => {
    await redis.flush();
    return 'Redis was emptied';
  },
  async ({ world }) => {
    await world.projector.kill();
    await world.projector.start();
    return 'the projector was killed';
  },
  async ({ world, proving }) => {
    const api = proving.random.pick(world.apis);
    await api.stop();
    await api.start();
    return 'an API was sent away in order';
  },
];

/** Members who have not been sent all that was written. */
const behind = (members: readonly LiveMember[], written: Written): number =>
  members.filter(({ client, principal }) => client.ledger.version < written.head(principal.organizationId)).length;

/** Whether it is those who tell that are behind, or only those who listen; and some of these. */
async function whoIsBehind(
  database: ProofDatabase,
  members: readonly LiveMember[],
  written: Written,
): Promise<readonly string[]> {
  const late = members.filter((one) => behind([one], written) > 0);
  if (late.length === 0) return [];
  const tracks = await database.asAdmin<{ track: string; events_behind: string }>(
    'select track, events_behind from events.lag() where events_behind > 0',
  );
  return [
    ...tracks.map(({ track, events_behind }) => `${track} is ${events_behind} events behind`),
    ...late.slice(0, 5).map(({ client, principal, returns }) => {
      const { organizationId } = principal;
      const state = client.isOpen ? 'listens' : 'is away';
      return `a client of ${organizationId} ${state}, at ${client.ledger.version} of ${written.head(organizationId)}, back ${returns} times`;
    }),
  ];
}

function check(members: readonly LiveMember[], written: Written): Record<string, number> {
  let [missing, surplus, flaws, late] = [0, 0, 0, 0];
  for (const { client, principal } of members) {
    flaws += client.ledger.flaws.length;
    const mine = written.heardBy(principal);
    if (client.ledger.version < written.head(principal.organizationId)) late++;
    for (const { from, upTo, versions } of client.ledger.segments) {
      const due = mine.filter((version) => version > from && version <= upTo);
      const came = new Set(versions);
      missing += due.filter((version) => !came.has(version)).length;
      surplus += versions.length - due.filter((version) => came.has(version)).length;
    }
  }
  return {
    'messages that a client should hold and does not': missing,
    'messages too many': surplus,
    'times that a client could see something wrong': flaws,
    'clients that are behind in the end': late,
  };
}

async function prove(proving: Proving): Promise<Verdict> {
  const size = proving.isSmall ? small : full;
  const database = await openProofDatabase(proving, { poolSize: 3 });
  const redis = await OwnRedis.start(proving);
  const world = await makeWorld(proving, database, redis, size.organizations);
  const writers = new LiveWriters(database, world, proving.random);
  await writers.begin();
  const members = await Promise.all(
    Array.from({ length: size.members }, async (_, index) => {
      const { token, principal } = await world.member(index);
      return new LiveMember(
        { world, random: proving.random, longestMs: size.awayMs },
        token,
        principal,
        index % 5 === 0,
      );
    }),
  );
  proving.atEnd(() => Promise.all(members.map((member) => member.leave())));
  members.forEach((member) => member.start());
  proving.say(`${members.length} clients`);
  writers.start(size.rate);
  const delivered = () =>
    members.reduce(
      (sum, { client }) => sum + client.ledger.segments.reduce((all, one) => all + one.versions.length, 0),
      0,
    );
  const running: Running = { proving, world, redis, members };
  const dropping = setInterval(() => void proving.random.pick(members).drop(), (20_000 / members.length) * 1.5);
  proving.atEnd(async () => clearInterval(dropping));
  for (let turn = 0; turn < size.kinds || delivered() < size.deliveries; turn++) {
    await sleep(size.everyMs);
    const told = await faults[turn % size.kinds]!(running);
    proving.say(`${told}: ${delivered().toLocaleString('en')} delivered`);
  }
  clearInterval(dropping);
  await writers.stop();
  const written = await Written.read(database);
  proving.say('waiting until everybody is back and has everything');
  for (const deadline = Date.now() + 240_000; Date.now() < deadline && behind(members, written) > 0;) await sleep(250);
  for (const line of await whoIsBehind(database, members, written)) proving.say(line);
  const returns = members.reduce((sum, member) => sum + member.returns, 0);
  const restarts = members.reduce((sum, { client }) => sum + client.ledger.segments.length - 1, 0);
  for (const flaw of members.flatMap(({ client }) => client.ledger.flaws).slice(0, 5)) proving.say(flaw);
  return verdictOf(
    check(members, written),
    `${delivered().toLocaleString('en')} deliveries of ${writers.count.toLocaleString('en')} events (${writers.failed} writes failed) to ${members.length} clients, ` +
      `who came back ${returns.toLocaleString('en')} times and ${restarts} times were told to read anew`,
  );
}

/** Whatever is lost on the way, nobody misses anything without being told. */
export const live: Proof = {
  claim:
    'each client holds every message of its scope, in order and once, or was told to read anew, whatever is killed or lost',
  prove,
};
