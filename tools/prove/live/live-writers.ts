import { setTimeout as sleep } from 'node:timers/promises';
import { type Principal, PropertyCreated, TransactionRecorded, maySeeProperty } from '@innkeep/contracts';
import { type Randomness, ownerOf } from '@innkeep/testing';
import type { ProofDatabase } from '../proof-database';
import { type LiveWorld, PROPERTIES } from './live-world';

/** What was written, by organization: the versions, and the property of each transaction. */
export class Written {
  private readonly byOrganization = new Map<
    number,
    { head: number; transactions: { version: number; propertyId: number }[] }
  >();

  private of(organizationId: number) {
    let written = this.byOrganization.get(organizationId);
    if (!written) this.byOrganization.set(organizationId, (written = { head: 0, transactions: [] }));
    return written;
  }

  add(organizationId: number, head: number, propertyIds: readonly (number | undefined)[]): void {
    const written = this.of(organizationId);
    written.head = Math.max(written.head, head);
    propertyIds.forEach((propertyId, index) => {
      const version = head - propertyIds.length + 1 + index;
      if (propertyId !== undefined) written.transactions.push({ version, propertyId });
    });
  }

  head(organizationId: number): number {
    return this.of(organizationId).head;
  }

  /** The versions that somebody who listens to finance is to hear, in order. */
  heardBy(principal: Principal): number[] {
    return this.of(principal.organizationId)
      .transactions.filter(({ propertyId }) => maySeeProperty(principal, propertyId))
      .map(({ version }) => version)
      .sort((a, b) => a - b);
  }
}

/** Records transactions in all organizations; the first of them is written to as much as all others together. */
export class LiveWriters {
  readonly written = new Written();
  count = 0;
  private isStopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: ProofDatabase,
    private readonly world: LiveWorld,
    private readonly random: Randomness,
  ) {}

  /** Gives each organization its properties. */
  async begin(): Promise<void> {
    for (const { organizationId } of this.world.organizations) {
      const created = PROPERTIES.map((propertyId) =>
        PropertyCreated(
          {
            propertyId,
            name: `House ${propertyId}`,
            timeZone: 'Europe/Lisbon',
            currency: 'EUR',
            businessDayStartsAt: '00:00',
          },
          { propertyId, entityId: propertyId },
        ),
      );
      const head = await this.record(organizationId, created);
      this.written.add(
        organizationId,
        head,
        created.map(() => undefined),
      );
    }
  }

  start(rate: number): void {
    const writers = 3;
    this.running = Promise.all(Array.from({ length: writers }, () => this.write(rate / writers)));
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private async write(rate: number): Promise<void> {
    const began = performance.now();
    for (let events = 0; !this.isStopping;) {
      const { organizations } = this.world;
      const { organizationId } = this.random.integer(2) === 0 ? organizations[0]! : this.random.pick(organizations);
      const propertyIds = Array.from({ length: 1 + this.random.integer(3) }, () => this.random.pick(PROPERTIES));
      const head = await this.record(
        organizationId,
        propertyIds.map((propertyId) => this.transaction(propertyId)),
      );
      this.written.add(organizationId, head, propertyIds);
      events += propertyIds.length;
      this.count += propertyIds.length;
      await sleep(Math.max(0, (events / rate) * 1_000 - (performance.now() - began)));
    }
  }

  private transaction(propertyId: number) {
    const transactionId = crypto.randomUUID();
    return TransactionRecorded(
      {
        ...{
          transactionId,
          propertyId,
          kind: 'expense',
          amountCents: 100,
          currency: 'EUR',
          description: 'Of the proof',
        },
        ...{ category: null, paymentMode: null, occurredAt: '2026-03-01T10:00:00.000Z', businessDay: '2026-03-01' },
        ...{ status: 'pending', externalReference: null, reversalOf: null },
      },
      { propertyId, entityId: transactionId },
    );
  }

  private async record(
    organizationId: number,
    events: Parameters<Parameters<ProofDatabase['unitOfWork']['run']>[1]>[0]['events'],
  ): Promise<number> {
    const context = { principal: ownerOf(organizationId), requestId: 'proof' };
    const { version } = await this.database.unitOfWork.run(context, async (unit) => unit.record(...events));
    return version;
  }
}
