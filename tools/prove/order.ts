import { setTimeout as sleep } from 'node:timers/promises';
import type { EventType } from '@innkeep/contracts';
import { sql } from '@innkeep/platform/database';
import { Projector, defineProjection } from '@innkeep/platform/events';
import { type TestOrganization, addOrganizations, ownerOf } from '@innkeep/testing';
import { untilCaughtUp } from './catching-up';
import { breakLock, orderChecks, orderSchema } from './order.sql';
import { type Proof, type Proving, verdictOf } from './proof';
import { type ProofDatabase, openProofDatabase } from './proof-database';

const full = { events: 1_000_000, writers: 24, organizations: 60, buckets: 12, largest: 60 };
const small = { events: 6_000, writers: 12, organizations: 10, buckets: 3, largest: 20 };

const Written: EventType = Object.assign(() => ({ type: 'Written', schemaVersion: 1, data: {} }), {
  type: 'Written',
  version: 1,
  schema: {} as never,
  upcasters: {},
});

/** Within how many events the reader is kept. */
const CLOSE = 2_000;

/** A read model that keeps every event, and in which order it came. */
const seen = defineProjection({
  name: 'seen',
  version: 1,
  events: [Written],
  table: 'proof.seen',
  fold: (batch, table) => sql`
    insert into ${table} (bucket, organization_id, version, position, writer, transaction, index, after)
    select bucket, organization_id, version, position, (data->>'writer')::int, (data->>'transaction')::int, (data->>'index')::int, (data->>'after')::bigint
    from ${batch} e where type = 'Written' order by bucket, position`,
});

interface Acknowledged {
  readonly organizationId: number;
  readonly writer: number;
  readonly transaction: number;
  readonly events: number;
}

/** Writers that get in each other's way: slow at the commit, failing there, or refused before. */
class Writers {
  readonly acknowledged: Acknowledged[] = [];
  /** What is known of each organization, to whoever begins a transaction now. */
  private readonly heads = new Map<number, number>();
  /** How far the reader is behind, as it was last seen. */
  behind = 0;
  written = 0;
  rolledBack = 0;
  failure: unknown;
  /** Ends the writing early: enough was seen. */
  isOver = false;

  constructor(
    private readonly database: ProofDatabase,
    private readonly proving: Proving,
    private readonly organizations: readonly TestOrganization[],
    private readonly size: typeof full,
  ) {}

  async write(): Promise<void> {
    const writers = Array.from({ length: this.size.writers }, (_, writer) => this.work(writer));
    await Promise.all(writers);
    if (this.failure) throw this.failure;
  }

  private async work(writer: number): Promise<void> {
    for (let transaction = 0; this.written < this.size.events && !this.failure && !this.isOver; transaction++) {
      await this.attempt(writer, transaction).catch((error: unknown) => (this.failure ??= error));
      // What can go wrong goes wrong near the head of the log: a reader that is far behind only reads what is settled.
      while (this.behind > CLOSE && !this.failure && !this.isOver) await sleep(10);
    }
  }

  private async attempt(writer: number, transaction: number): Promise<void> {
    const { random } = this.proving;
    const { organizationId } = random.pick(this.organizations);
    const events = 1 + random.integer(this.size.largest);
    const delay = random.integer(10) === 0 ? random.integer(20) / 1_000 : 0;
    const whim = random.integer(100);
    const [isRefused, fails] = [whim < 3, whim >= 3 && whim < 6];
    const after = this.heads.get(organizationId) ?? 0;
    const context = { principal: ownerOf(organizationId), requestId: 'proof' };
    const writing = this.database.unitOfWork.run(context, async (unit) => {
      for (let index = 0; index < events; index++)
        unit.record({ type: 'Written', schemaVersion: 1, data: { writer, transaction, index, after } });
      if (delay > 0 || fails)
        unit.write(sql`insert into proof.whims (delay_seconds, fails) values (${delay}, ${fails})`);
      if (isRefused) throw new Error('the command is refused, as it was told to be');
    });
    try {
      const { version } = await writing;
      this.heads.set(organizationId, Math.max(version, this.heads.get(organizationId) ?? 0));
      this.acknowledged.push({ organizationId, writer, transaction, events });
      this.written += events;
    } catch (error) {
      if (!/as it was told to/.test((error as Error).message)) throw error;
      this.rolledBack++;
    }
  }
}

/** Hands what the writers were told to the database, which compares it with what the reader saw. */
async function compare({ asAdmin }: ProofDatabase, acknowledged: readonly Acknowledged[]) {
  for (let start = 0; start < acknowledged.length; start += 10_000) {
    const part = acknowledged.slice(start, start + 10_000);
    await asAdmin(
      'insert into proof.acknowledged select * from unnest($1::bigint[], $2::int[], $3::int[], $4::int[])',
      [
        part.map((one) => one.organizationId),
        part.map((one) => one.writer),
        part.map((one) => one.transaction),
        part.map((one) => one.events),
      ],
    );
  }
  await asAdmin('analyze proof.seen, proof.acknowledged');
  const findings: Record<string, number> = {};
  for (const [what, statement] of Object.entries(orderChecks))
    findings[what] = Number((await asAdmin<{ count: string }>(statement))[0]!.count);
  return findings;
}

/** Tells every other second how far writers and reader are; answers with the greatest distance it saw. */
async function watch(writers: Writers, database: ProofDatabase, say: Proving['say'], signal: AbortSignal) {
  let furthest = 0;
  for (let look = 0; !signal.aborted; look++) {
    const behind = await database.eventsBehind();
    writers.behind = behind;
    furthest = Math.max(furthest, behind);
    const [written, left] = [writers.written, behind].map((count) => count.toLocaleString('en'));
    if (look % 40 === 0)
      say(`${written} events written, ${writers.rolledBack} transactions rolled back; the reader is ${left} behind`);
    await sleep(50, undefined, { signal }).catch(() => undefined);
  }
  return furthest;
}

async function prove(proving: Proving) {
  const size = proving.isSmall ? small : full;
  const buckets = Array.from({ length: size.buckets }, (_, index) => 80 * index + proving.random.integer(80));
  let hint: (buckets: readonly number[]) => void = () => undefined;
  const database = await openProofDatabase(proving, {
    poolSize: size.writers,
    committed: ({ bucket }) => hint([bucket]),
  });
  await database.asAdmin(orderSchema);
  if (proving.isLockBroken) await database.asAdmin(breakLock(buckets));
  const places = Array.from({ length: size.organizations }, (_, index) => buckets[index % buckets.length]!);
  const organizations = await addOrganizations(database.database, places);
  const writers = new Writers(database, proving, organizations, size);
  const failures: unknown[] = [];
  const reader = new Projector(await database.openShard('reader'), [seen], [], {
    folded: () => undefined,
    reacted: () => undefined,
    failed: (error) => {
      failures.push(error);
      writers.isOver = true;
    },
    parked: (count) => failures.push(`${count} organizations were parked`),
    outdated: () => undefined,
  });
  hint = (committed) => reader.hint(committed);
  proving.atEnd(() => reader.stop());
  await reader.start();
  const watching = new AbortController();
  const furthest = watch(writers, database, proving.say, watching.signal);
  const started = performance.now();
  await writers.write();
  const rate = Math.round(writers.written / ((performance.now() - started) / 1_000));
  // A reader that failed may stand before a hole for ever: what it has not seen by now counts as lost.
  if (failures.length === 0) await untilCaughtUp(database);
  else proving.say(`the reader failed: ${String(failures[0])}`);
  watching.abort();
  const most = await furthest;
  proving.say('comparing what was acknowledged with what was seen');
  const findings = { ...(await compare(database, writers.acknowledged)), 'failures of the reader': failures.length };
  const [events, lag] = [writers.written, most].map((count) => count.toLocaleString('en'));
  return verdictOf(
    findings,
    `${events} events (${rate.toLocaleString('en')}/s) in ${writers.acknowledged.length.toLocaleString('en')} transactions by ${size.writers} writers, ` +
      `${writers.rolledBack.toLocaleString('en')} rolled back, read while they were written, at most ${lag} behind`,
  );
}

/** Every event is seen once, and in order inside its organization, however commits overtake each other. */
export const order: Proof = {
  claim:
    'no event is lost, seen twice or out of order inside an organization, however commits are delayed or rolled back',
  prove,
};
