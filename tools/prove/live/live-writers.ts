import { setTimeout as sleep } from 'node:timers/promises';
import { type Principal, PropertyCreated, TransactionRecorded, maySeeProperty } from '@innkeep/contracts';
import { type Randomness, ownerOf } from '@innkeep/testing';
import type { ProofDatabase } from '../proof-database';
import { type LiveWorld, PROPERTIES } from './live-world';

/** What was written, as the log says: the versions, and the property of each transaction. */
export class Written {
  private constructor(
    private readonly byOrganization: ReadonlyMap<
      number,
      readonly { version: number; propertyId: number | undefined }[]
    >,
  ) {}

  static async read(database: ProofDatabase): Promise<Written> {
    const rows = await database.asAdmin<{
      organization_id: string;
      version: string;
      type: string;
      property_id: string;
    }>('select organization_id, version, type, property_id from events.log order by organization_id, version');
    const byOrganization = new Map<number, { version: number; propertyId: number | undefined }[]>();
    for (const { organization_id, version, type, property_id } of rows) {
      const written = byOrganization.get(Number(organization_id)) ?? [];
      byOrganization.set(Number(organization_id), written);
      const isHeard = type === TransactionRecorded.type;
      written.push({ version: Number(version), propertyId: isHeard ? Number(property_id) : undefined });
    }
    return new Written(byOrganization);
  }

  head(organizationId: number): number {
    return this.byOrganization.get(organizationId)?.at(-1)?.version ?? 0;
  }

  /** The versions that somebody who listens to finance is to hear, in order. */
  heardBy(principal: Principal): number[] {
    return (this.byOrganization.get(principal.organizationId) ?? [])
      .filter(({ propertyId }) => propertyId !== undefined && maySeeProperty(principal, propertyId))
      .map(({ version }) => version);
  }
}

/** Records transactions in all organizations; the first of them is written to as much as all others together. */
export class LiveWriters {
  count = 0;
  /** Writes of which nobody knows what became of them: the log does. */
  failed = 0;
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
      await this.record(organizationId, created);
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
      const recorded = propertyIds.map((propertyId) => this.transaction(propertyId));
      await this.record(organizationId, recorded).catch(() => this.failed++);
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
  ): Promise<void> {
    const context = { principal: ownerOf(organizationId), requestId: 'proof' };
    await this.database.unitOfWork.run(context, async (unit) => unit.record(...events));
  }
}
