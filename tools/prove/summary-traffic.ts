import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionApproved, type TransactionSnapshot } from '@innkeep/contracts';
import { Reader, sql } from '@innkeep/platform/database';
import { ownerOf } from '@innkeep/testing';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

const READERS = 2;

export interface TrafficSize {
  /** Events that are there before anybody looks. */
  readonly history: number;
  readonly writers: number;
  /** Writes in a second, by all writers together. */
  readonly rate: number;
}

/** What an organization has received up to each of its versions: as it was written, not as it was folded. */
export class Ledger {
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

/** What a read of the sum answered. */
export interface Reading {
  readonly ledger: Ledger;
  readonly position: number;
  readonly receivedCents: number;
  readonly count: number;
}

/** Writers and readers of the daily summary. */
export class Traffic {
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
    private readonly size: TrafficSize,
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
      { organizationId, projections: ['reports_daily_summary'] },
      ({ bucket }) => sql`
        select coalesce(sum(received_cents), 0) as received, coalesce(sum(transaction_count), 0) as count
        from reports.daily_summary where bucket = ${bucket} and organization_id = ${organizationId}`,
    );
    return { ledger, position, receivedCents: Number(rows[0]!.received), count: Number(rows[0]!.count) };
  }
}
