import { features } from '@innkeep/assembly';
import { Reader, type Snapshot } from '@innkeep/platform/database';
import { ProjectionOperations } from '@innkeep/platform/events';
import { type TestOrganization, addOrganizations, ownerOf } from '@innkeep/testing';
import fc from 'fast-check';
import { type Act, acts, instant } from './acts';
import { compareWithMemory, projections, readLog, unknownToMemory } from './comparing';
import { Folding } from './folding';
import { History } from './history';
import { type DashboardLine, memoryDashboard } from './memory-dashboard';
import { MemoryFold } from './memory-fold';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { type ProofDatabase, masterKeys, openProofDatabase } from './proof-database';

interface DashboardQuery {
  execute(query: object): Promise<Snapshot<{ data: DashboardLine[] }>>;
}

/** The dashboard's own query. */
function dashboardQuery({ directory, shards }: ProofDatabase): DashboardQuery {
  const handler = features
    .flatMap((feature) => feature.queries ?? [])
    .find(({ name }) => name === 'GetDashboardHandler');
  if (!handler) throw new Error('there is no query by the name GetDashboard');
  return new handler(new Reader(directory, shards)) as DashboardQuery;
}

/** Makes organizations that nothing has happened to, of which the first two share a bucket: each attempt has its own. */
class Beginnings {
  private ready: TestOrganization[][] = [];

  constructor(
    private readonly database: ProofDatabase,
    private readonly proving: Proving,
  ) {}

  async next(): Promise<TestOrganization[]> {
    if (this.ready.length === 0) {
      const buckets = Array.from({ length: 100 }, () => this.proving.random.integer(1_023)).flatMap((one) => [
        one,
        one,
        one + 1,
      ]);
      const made = await addOrganizations(this.database.database, buckets);
      this.ready = Array.from({ length: 100 }, (_, index) => made.slice(3 * index, 3 * index + 3));
    }
    return this.ready.pop()!;
  }
}

async function perform(
  acts: readonly Act[],
  organizations: readonly TestOrganization[],
  { unitOfWork }: ProofDatabase,
  folding: Folding,
) {
  const histories = organizations.map(({ organizationId }) => new History(organizationId));
  for (const act of acts) {
    if (act.kind === 'fold') {
      await folding.fold(act.limit, act.isThrownAway);
      continue;
    }
    const { organizationId } = organizations[act.organization]!;
    const events = act.steps.flatMap((one) => histories[act.organization]!.take(one));
    if (events.length === 0) continue;
    await unitOfWork.run({ principal: ownerOf(organizationId), requestId: 'proof' }, async (unit) =>
      unit.record(...events),
    );
  }
}

function assertEqual(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what} is ${a} and should be ${b}`);
}

const byProperty = (a: DashboardLine, b: DashboardLine) =>
  a.propertyId - b.propertyId || (a.currency < b.currency ? -1 : 1);

async function prove(proving: Proving): Promise<Verdict> {
  const database = await openProofDatabase(proving, { poolSize: 2 });
  const shard = await database.openShard('folding');
  const folding = await Folding.open(shard);
  proving.atEnd(() => folding.close());
  const dashboard = dashboardQuery(database);
  const beginnings = new Beginnings(database, proving);
  let tried = 0;
  const property = fc.asyncProperty(acts, fc.integer({ min: 4, max: 60 }), instant, async (chosen, lastLimit, at) => {
    const organizations = await beginnings.next();
    await perform(chosen, organizations, database, folding);
    await folding.foldTheRest(lastLimit);
    const ids = organizations.map(({ organizationId }) => organizationId);
    const log = await readLog(database, ids);
    assertEqual('what differs', await compareWithMemory(database, new MemoryFold(log), ids), {});
    for (const id of ids) {
      const { rows } = await dashboard.execute({
        principal: ownerOf(id),
        at,
        limit: 200,
        after: undefined,
        minPosition: 0,
        tags: [],
      });
      const memory = new MemoryFold(log.filter((event) => event.organization_id === id));
      assertEqual('the dashboard', rows[0]!.data, memoryDashboard(memory, at).sort(byProperty));
    }
    if (++tried % (proving.isSmall ? 20 : 100) === 0) proving.say(`${tried} histories`);
  });
  const numRuns = proving.isSmall ? 40 : 2_500;
  const result = await fc.check(property, { numRuns, seed: proving.random.integer(2 ** 31), endOnFailure: false });
  if (result.failed) proving.say(`${fc.defaultReportMessage(result)}\n${String(result.errorInstance)}`);
  const operations = new ProjectionOperations(shard.pool, projections, masterKeys);
  const differing: unknown[] = [];
  // One after the other: each holds a connection for as long as the whole log takes.
  for (const { name } of projections) differing.push(...(await operations.verify(name)));
  const unknown = unknownToMemory();
  const events = Number((await database.asAdmin<{ count: string }>('select count(*) from events.log'))[0]!.count);
  return verdictOf(
    {
      'histories folded otherwise than in memory': result.failed ? 1 : 0,
      'organizations that verify finds different': differing.length,
    },
    `${tried.toLocaleString('en')} random histories with ${events.toLocaleString('en')} events, cut and repeated at random, and verified from the start` +
      (unknown.length > 0 ? `; no fold in memory knows ${unknown.join(', ')}` : ''),
  );
}

/** The read models do not depend on how the log was cut into batches, nor on batches that were folded and lost. */
export const fold: Proof = {
  claim: 'whatever happened, and however it was cut into batches and repeated, the rows are those of a fold in memory',
  prove,
};
