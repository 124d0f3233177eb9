import {
  type NewEvent,
  PropertyCreated,
  PropertyUpdated,
  TransactionApproved,
  TransactionChanged,
  TransactionDeleted,
  TransactionRecorded,
  TransactionRejected,
  TransactionReversed,
  type TransactionSnapshot,
} from '@innkeep/contracts';
import type { Randomness } from '@innkeep/testing';

export const deeds = ['record', 'change', 'approve', 'reject', 'delete', 'reverse', 'rename'] as const;
/** Few values each, so that many transactions meet in one row. */
export const days = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-31', '2027-03-01'] as const;
export const categories = [null, 'housekeeping', 'Küche'] as const;
export const currencies = ['EUR', 'INR'] as const;
export const timeZones = ['Europe/Lisbon', 'Asia/Kolkata', 'America/Anchorage'] as const;
export const dayStarts = ['00:00', '05:30', '11:59'] as const;
export const PROPERTIES = 3;

/** What somebody wants to do. `which` picks one of the transactions for which that is possible; if there is none, nothing happens. */
export interface Step {
  readonly deed: (typeof deeds)[number];
  readonly which: number;
  readonly property: number;
  readonly kind: 'expense' | 'revenue';
  readonly amountCents: number;
  readonly day: (typeof days)[number];
  readonly category: (typeof categories)[number];
  readonly currency: (typeof currencies)[number];
  readonly timeZone: (typeof timeZones)[number];
  readonly dayStartsAt: (typeof dayStarts)[number];
}

const weighted: readonly Step['deed'][] = [...deeds, 'record', 'record', 'record', 'approve', 'approve', 'approve'];

/** A step by chance, as an organization at work takes them. */
export const randomStep = (random: Randomness): Step => ({
  deed: random.pick(weighted),
  which: random.integer(1_000),
  property: random.integer(PROPERTIES),
  kind: random.pick(['expense', 'revenue']),
  amountCents: 1 + random.integer(1_000_000),
  day: random.pick(days),
  category: random.pick(categories),
  currency: random.pick(currencies),
  timeZone: random.pick(timeZones),
  dayStartsAt: random.pick(dayStarts),
});

/** The life of one organization: turns steps into the events that the product would record for them. */
export class History {
  private readonly known = new Set<number>();
  private readonly pending: TransactionSnapshot[] = [];
  private readonly approved: TransactionSnapshot[] = [];
  private made = 0;

  constructor(private readonly organizationId: number) {}

  take(step: Step): NewEvent[] {
    if (step.deed === 'rename') return [this.property(step)];
    if (step.deed === 'record') {
      const property = this.known.has(step.property) ? [] : [this.property(step)];
      return [...property, this.record(step)];
    }
    if (step.deed === 'reverse') return this.reverse(step);
    return this.settle(step);
  }

  private property({ property, timeZone, currency, dayStartsAt, which }: Step): NewEvent {
    const build = this.known.has(property) ? PropertyUpdated : PropertyCreated;
    this.known.add(property);
    const propertyId = this.propertyId(property);
    const about = { propertyId, entityId: propertyId };
    return build({ propertyId, name: `House ${which}`, timeZone, currency, businessDayStartsAt: dayStartsAt }, about);
  }

  private propertyId = (property: number) => this.organizationId * 10 + property;

  private newId(): string {
    const digits = (value: number, length: number) => value.toString(16).padStart(length, '0');
    return `${digits(this.organizationId, 8)}-0000-7000-8000-${digits(++this.made, 12)}`;
  }

  private record({ kind, property, amountCents, currency, category, day, which }: Step): NewEvent {
    const snapshot: TransactionSnapshot = {
      transactionId: this.newId(),
      kind,
      propertyId: this.propertyId(property),
      amountCents,
      currency,
      description: `Transaction ${which}`,
      category,
      paymentMode: which % 3 === 0 ? 'cash' : null,
      occurredAt: `${day}T12:00:00.${String(which % 1_000).padStart(3, '0')}Z`,
      businessDay: day,
      status: 'pending',
      externalReference: null,
      reversalOf: null,
    };
    this.pending.push(snapshot);
    return TransactionRecorded(snapshot, aboutTransaction(snapshot));
  }

  /** What may happen to a pending transaction. */
  private settle({ deed, which, amountCents, day }: Step): NewEvent[] {
    if (this.pending.length === 0) return [];
    const index = which % this.pending.length;
    const snapshot = this.pending[index]!;
    const about = aboutTransaction(snapshot);
    if (deed === 'change') {
      const changed = { ...snapshot, amountCents, businessDay: day, occurredAt: `${day}T09:30:00.000Z` };
      this.pending[index] = changed;
      return [TransactionChanged(changed, about)];
    }
    this.pending.splice(index, 1);
    if (deed === 'delete') return [TransactionDeleted(snapshot, about)];
    if (deed === 'reject') return [TransactionRejected({ ...snapshot, status: 'rejected', reason: null }, about)];
    const approved = { ...snapshot, status: 'approved' as const };
    this.approved.push(approved);
    return [TransactionApproved(approved, about)];
  }

  private reverse({ which, day }: Step): NewEvent[] {
    if (this.approved.length === 0) return [];
    const [original] = this.approved.splice(which % this.approved.length, 1);
    const reversal = {
      ...original!,
      transactionId: this.newId(),
      amountCents: -original!.amountCents,
      occurredAt: `${day}T18:00:00.000Z`,
      businessDay: day,
      reversalOf: original!.transactionId,
    };
    return [TransactionReversed({ ...reversal, reason: null }, aboutTransaction(reversal))];
  }
}

const aboutTransaction = ({ propertyId, transactionId }: TransactionSnapshot) => ({
  propertyId,
  entityId: transactionId,
});
