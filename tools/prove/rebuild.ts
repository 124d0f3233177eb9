import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionApproved, type TransactionSnapshot } from '@innkeep/contracts';
import { Reader, sql } from '@innkeep/platform/database';
import { type ProjectionStatus, readStatus } from '@innkeep/platform/events';
import { addOrganizations, ownerOf } from '@innkeep/testing';
import { untilCaughtUp } from './catching-up';
import { projectorProcesses } from './instances';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { type ProofDatabase, openProofDatabase } from './proof-database';
import { projectionsTool } from './verifying';

const full = { history: 300_000, organizations: 200, writers: 12, rate: 500, rebuilds: 5 };
const small = { history: 4_000, organizations: 20, writers: 4, rate: 100, rebuilds: 1 };
const READERS = 2;
const DAILY_SUMMARY = 'reports_daily_summary';

/** What an organization has received up to each of its versions: as it was written, not as it was folded. */
class Ledger {
  /** Amounts by version, from 1 on. */
  readonly amounts: number[] = [0];
  private sums: number[] | undefined;

  constructor(
    readonly organizationId: number,
    readonly propertyId: number,
  ) {}

  /** An approved transaction, which it is not told of until it is committed. */
  event(index: number, amountCents: number) {
    const day = `2026-0${1 + (index % 9)}-1${index % 10}`;
    const snapshot: TransactionSnapshot = {
      transactionId: `${this.organizationId.toString(16).padStart(8, '0')}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
      ...{ kind: 'revenue', propertyId: this.propertyId, amountCents, currency: 'EUR', status: 'approved' },
      ...{ description: 'A stay', category: null, paymentMode: null, externalReference: null, reversalOf: null },
      ...{ occurredAt: `${day}T12:00:00.000Z`, businessDay: day },
    };
    return TransactionApproved(snapshot, { propertyId: this.propertyId, entityId: snapshot.transactionId });
  }

  /** The sum at a version, once nothing is written any more. */
  sumAt(version: number): number | undefined {
    if (!this.sums) {
      let sum = 0;
      this.sums = this.amounts.map((amount) => (sum += amount));
    }
    return this.sums[version];
  }
}

interface Reading {
  readonly ledger: Ledger;
  readonly position: number;
  readonly receivedCents: number;
  readonly count: number;
}

/** Writers and readers of the daily summary. */
class Traffic {
  readonly readings: Reading[] = [];
  readonly failures: unknown[] = [];
  written = 0;
  backwards = 0;
  private isOn = true;
  private made = 0;
  private running: Promise<unknown>[] = [];
  private startedAt = 0;
  private writtenBefore = 0;
  private readonly reader: Reader;

  constructor(
    private readonly proving: Proving,
    private readonly database: ProofDatabase,
    private readonly ledgers: readonly Ledger[],
    private readonly size: typeof full,
  ) {
    this.reader = new Reader(database.directory, database.shards);
  }

  /** Writes what there is before anybody looks, many events in each transaction. */
  async writeHistory(): Promise<void> {
    const each = Math.ceil(this.size.history / this.ledgers.length);
    const queue = [...this.ledgers];
    const work = async () => {
      for (let ledger = queue.pop(); ledger; ledger = queue.pop())
        for (let left = each; left > 0; left -= 200) await this.write(ledger, Math.min(left, 200));
    };
    await Promise.all(Array.from({ length: 4 }, work));
  }

  start(): void {
    this.startedAt = performance.now();
    this.writtenBefore = this.written;
    const { writers } = this.size;
    const shares = Array.from({ length: writers }, (_, writer) =>
      this.ledgers.filter((_, n) => n % writers === writer),
    );
    this.running = [
      ...shares.map((share) => this.keepWriting(share)),
      ...Array.from({ length: READERS }, () => this.keepReading()),
    ];
    this.proving.atEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await Promise.all(this.running);
  }

  get rate(): number {
    return Math.round((this.written - this.writtenBefore) / ((performance.now() - this.startedAt) / 1_000));
  }

  private async write(ledger: Ledger, count: number): Promise<void> {
    const amounts = Array.from({ length: count }, () => 1 + this.proving.random.integer(100_000));
    const events = amounts.map((amount) => ledger.event(++this.made, amount));
    const context = { principal: ownerOf(ledger.organizationId), requestId: 'proof' };
    const { version } = await this.database.unitOfWork.run(context, async (unit) => unit.record(...events));
    amounts.forEach((amount, index) => (ledger.amounts[version - count + 1 + index] = amount));
    this.written += count;
  }

  private async keepWriting(share: readonly Ledger[]): Promise<void> {
    const pause = (1_000 * this.size.writers) / this.size.rate;
    for (let due = performance.now(); this.isOn; due += pause) {
      await this.write(this.proving.random.pick(share), 1).catch((error: unknown) => this.failures.push(error));
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  /** Reads as the product reads, and remembers what it was told; nothing may be older than what this reader has seen before. */
  private async keepReading(): Promise<void> {
    const newest = new Map<Ledger, number>();
    while (this.isOn) {
      const ledger = this.proving.random.pick(this.ledgers);
      try {
        const reading = await this.read(ledger);
        if (reading.position < (newest.get(ledger) ?? 0)) this.backwards++;
        newest.set(ledger, reading.position);
        this.readings.push(reading);
      } catch (error) {
        this.failures.push(error);
      }
      await sleep(2);
    }
  }

  private async read(ledger: Ledger): Promise<Reading> {
    const { organizationId } = ledger;
    const { position, rows } = await this.reader.read<{ received: string; count: string }>(
      { organizationId, projections: [DAILY_SUMMARY] },
      ({ bucket }) => sql`
        select coalesce(sum(received_cents), 0) as received, coalesce(sum(transaction_count), 0) as count
        from reports.daily_summary where bucket = ${bucket} and organization_id = ${organizationId}`,
    );
    return { ledger, position, receivedCents: Number(rows[0]!.received), count: Number(rows[0]!.count) };
  }
}

/** Looks at the status as an operator does, while a rebuild runs: it has to show the rebuild, then the swap. */
async function rebuildOnce(database: ProofDatabase, statusOf: () => Promise<ProjectionStatus>) {
  const before = await statusOf();
  const started = performance.now();
  let isOver = false;
  const rebuilding = projectionsTool(database, 'rebuild', DAILY_SUMMARY, '--json').finally(() => (isOver = true));
  let wasShown = false;
  while (!isOver) {
    wasShown ||= (await statusOf()).isRebuilding;
    await sleep(5);
  }
  const { code, output } = await rebuilding;
  const after = await statusOf();
  const wasSwapped = after.changedAt > before.changedAt && after.state === 'live' && !after.isRebuilding;
  return { code, output, seconds: (performance.now() - started) / 1_000, wasSeen: wasShown && wasSwapped };
}

async function prove(proving: Proving): Promise<Verdict> {
  const size = proving.isSmall ? small : full;
  const database = await openProofDatabase(proving, { poolSize: size.writers + READERS });
  const [projector] = await projectorProcesses(['proof-projector'], proving, database);
  await projector!.start();
  const buckets = Array.from({ length: size.organizations }, (_, index) => 5 * Math.floor(index / 2));
  const organizations = await addOrganizations(database.database, buckets);
  const ledgers = organizations.map(({ organizationId }) => new Ledger(organizationId, organizationId * 10));
  const traffic = new Traffic(proving, database, ledgers, size);
  proving.say(`writing ${size.history.toLocaleString('en')} events to rebuild from`);
  await traffic.writeHistory();
  await untilCaughtUp(database);
  const { pool } = await database.openShard('proof-status');
  const statusOf = async () => (await readStatus(pool)).find(({ name }) => name === DAILY_SUMMARY)!;
  traffic.start();
  await sleep(500);
  const runs = [];
  for (let n = 1; n <= size.rebuilds; n++) {
    const run = await rebuildOnce(database, statusOf);
    runs.push(run);
    proving.say(
      `rebuild ${n} of ${size.rebuilds} in ${run.seconds.toFixed(1)} s at ${traffic.rate} writes/s: ${run.output.trim()}`,
    );
  }
  await sleep(500);
  const { rate } = traffic;
  await traffic.stop();
  for (const failure of traffic.failures.slice(0, 3)) proving.say(String(failure));
  const isWrong = ({ ledger, position, receivedCents, count }: Reading) =>
    count !== position || receivedCents !== ledger.sumAt(position);
  const wrong = traffic.readings.filter(isWrong);
  for (const { ledger, position, receivedCents, count } of wrong.slice(0, 3))
    proving.say(`at ${position}: ${count} transactions, ${receivedCents} instead of ${ledger.sumAt(position)}`);
  return verdictOf(
    {
      'reads or writes that failed': traffic.failures.length,
      'reads that were not what the log says at their position': wrong.length,
      'reads behind what the same reader had seen': traffic.backwards,
      'rebuilds that failed': runs.filter(({ code }) => code !== 0).length,
      'rebuilds that the status did not show': runs.filter(({ wasSeen }) => !wasSeen).length,
    },
    `${runs.length} rebuilds of the daily summary over ${traffic.written.toLocaleString('en')} events at ${rate} writes/s ` +
      `(${size.rate} aimed at), ${traffic.readings.length.toLocaleString('en')} reads meanwhile`,
  );
}

/** A read model is built anew and swapped in while it is written and read. */
export const rebuild: Proof = {
  claim: 'the daily summary is rebuilt under load, and no read fails, is wrong or goes back',
  prove,
};
