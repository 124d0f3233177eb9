import { setTimeout as sleep } from 'node:timers/promises';
import { allTouches, features } from '@innkeep/assembly';
import { asksOf } from '@innkeep/platform/edge';
import { ApiLoad } from './api-load';
import { startApps } from './apps';
import { untilCaughtUp, untilNoneLeft } from './catching-up';
import { compareWithMemory, readLog, recordedEvent } from './comparing';
import { MemoryFold } from './memory-fold';
import { OwnRedis } from './own-redis';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { type ProofDatabase, openProofDatabase } from './proof-database';
import { PurgedTags } from './purged-tags';
import { countDifferingModels } from './verifying';

/** Absences in seconds, one after the other; before each, what is there is flushed. */
const full = { owners: 12, rate: 120, absences: [2, 5, 60, 10, 1, 20] };
const small = { owners: 4, rate: 40, absences: [2] };

/** Tags of events for which no purge has reached the edge since. */
async function countUnpurged(database: ProofDatabase, { lastAt }: PurgedTags): Promise<number> {
  const { tagsOf } = allTouches(features);
  const purgedAt = (tag: string) => lastAt.get(tag) ?? 0;
  const unpurged = new Set<string>();
  for (const event of (await readLog(database)).map(recordedEvent)) {
    for (const { tag, propertyId, organizationId } of asksOf([event], tagsOf)) {
      // Many tags of a property or an organization are purged by one that covers them.
      const at = Math.max(purgedAt(tag), purgedAt(`property:${propertyId}`), purgedAt(`org:${organizationId}`));
      if (at < event.recordedAt.getTime()) unpurged.add(tag);
    }
  }
  return unpurged.size;
}

/** Acknowledged transactions that are not in the log exactly once. */
async function countLost(database: ProofDatabase, type: string, ids: readonly string[]): Promise<number> {
  const [row] = await database.asAdmin<{ count: string }>(
    `select count(*) from unnest($2::text[]) as told(id)
     where (select count(*) from events.log l where l.type = $1 and l.entity_id = told.id) <> 1`,
    [type, ids],
  );
  return Number(row!.count);
}

async function check(
  database: ProofDatabase,
  load: ApiLoad,
  edge: PurgedTags,
  proving: Proving,
): Promise<Record<string, number>> {
  const modelsDiffering = await countDifferingModels(database, proving);
  const differing = await compareWithMemory(database, new MemoryFold(await readLog(database)));
  return {
    'requests that failed': load.failures.length,
    'acknowledged writes that are not in the log':
      (await countLost(database, 'TransactionRecorded', load.recorded)) +
      (await countLost(database, 'TransactionApproved', load.approved)),
    'tags that were changed and never purged since': await countUnpurged(database, edge),
    'read models that verify finds different': modelsDiffering,
    'tables other than in memory': Object.keys(differing).length,
  };
}

async function prove(proving: Proving): Promise<Verdict> {
  const size = proving.isSmall ? small : full;
  const database = await openProofDatabase(proving, { poolSize: 2 });
  await database.asAdmin('create index on events.log (entity_id)');
  const redis = await OwnRedis.start(proving);
  const edge = new PurgedTags();
  const settings = { CDN_PROVIDER: 'varnish', VARNISH_URLS: await edge.listen(proving) };
  const processes = await startApps(proving, database, redis, settings);
  const load = new ApiLoad(processes[0]!.url, proving);
  await load.start(size.owners, size.rate);
  const told = () => `${load.writes.toLocaleString('en')} writes, ${load.failures.length} failed`;
  for (const absence of size.absences) {
    await sleep(1_000);
    await redis.flush();
    proving.say(`Redis was flushed: ${told()}`);
    await sleep(1_000);
    await redis.kill();
    const before = load.writes;
    await sleep(absence * 1_000);
    proving.say(`Redis was gone for ${absence} s, in which ${load.writes - before} writes went on: ${told()}`);
    await redis.startAgain();
  }
  await sleep(1_000);
  await load.stop();
  for (const failure of load.failures.slice(0, 3)) proving.say(failure);
  proving.say('waiting until everything is folded and every purge is confirmed');
  await untilCaughtUp(database);
  await untilNoneLeft('purges are not confirmed', async () => {
    const [row] = await database.asAdmin<{ left: string }>('select count(*) as left from edge.purge_asks');
    return Number(row!.left);
  });
  processes.forEach((app) => app.assertDidNotCrash());
  return verdictOf(
    await check(database, load, edge, proving),
    `${load.writes.toLocaleString('en')} writes and ${load.reads.toLocaleString('en')} reads through the API while Redis was flushed ` +
      `${size.absences.length} times and gone for ${size.absences.join(', ')} s; the slowest took ${(load.slowestMs / 1_000).toFixed(1)} s`,
  );
}

/** Redis only makes things fast: without it everything goes on, and what was asked for is still done. */
export const redisGone: Proof = {
  claim: 'Redis may be emptied and killed at any time: no request fails, and nothing that was asked for is lost',
  prove,
};
