import { setTimeout as sleep } from 'node:timers/promises';
import { addOrganizations, ownerOf } from '@innkeep/testing';
import { History, randomStep } from './history';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

export interface LoadSettings {
  readonly organizations: number;
  readonly writers: number;
  /** Transactions in a second, by all writers together. */
  readonly rate: number;
}

/** What is written while something else is tried: organizations at work, through the unit of work. */
export class WriteLoad {
  transactions = 0;
  events = 0;
  failures: unknown[] = [];
  private isOn = true;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: ProofDatabase,
    private readonly proving: Proving,
    private readonly settings: LoadSettings,
  ) {}

  /** Begins to write, and goes on until it is stopped. */
  async start(): Promise<void> {
    const { organizations, writers } = this.settings;
    // Half as many buckets, so that organizations meet in them, and from all over, so that every projector has some.
    const distance = Math.floor(2_048 / organizations);
    const buckets = Array.from({ length: organizations }, (_, index) => distance * Math.floor(index / 2));
    const made = await addOrganizations(this.database.database, buckets);
    const histories = made.map(({ organizationId }) => ({ organizationId, history: new History(organizationId) }));
    const shares = Array.from({ length: writers }, (_, writer) => histories.filter((_, n) => n % writers === writer));
    this.running = Promise.all(shares.map((share) => this.write(share)));
    this.proving.atEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.running;
  }

  private async write(share: readonly { organizationId: number; history: History }[]): Promise<void> {
    const { random } = this.proving;
    const pause = (1_000 * this.settings.writers) / this.settings.rate;
    for (let due = performance.now(); this.isOn; due += pause) {
      const { organizationId, history } = random.pick(share);
      const events = Array.from({ length: 1 + random.integer(4) }, () => history.take(randomStep(random))).flat();
      if (events.length > 0) await this.record(organizationId, events);
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  private async record(organizationId: number, events: ReturnType<History['take']>): Promise<void> {
    const context = { principal: ownerOf(organizationId), requestId: 'proof' };
    try {
      await this.database.unitOfWork.run(context, async (unit) => unit.record(...events));
      this.transactions++;
      this.events += events.length;
    } catch (error) {
      this.failures.push(error);
    }
  }
}
