import {
  DomainError,
  GuestCheckedIn,
  GuestCheckedOut,
  GuestExpected,
  type NewEvent,
  type PropertyFacts,
  PropertyPort,
  StayCancelled,
} from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { mapInTurns } from '@innkeep/platform/feature';
import { fieldErrors } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { propertyFor } from '../guests.policies';
import { stayConstraints } from '../guests.problems';
import { type Stay, arrive, cancelStay, checkOut, expectStay } from '../stay';
import { eventOf } from '../stay.events';
import { type BookedStay, bookedStay } from '../stay.input';
import { type NewStay, StayStore, referenceKey } from '../stay.store';
import { type BulkStayResult, RecordStaysInBulk } from './record-stays-in-bulk.command';

const ATTEMPTS = 3;

/** What a booking has come to, and the events that tell of it. */
function takeOver(booked: BookedStay, property: PropertyFacts, now: Date): { stay: Stay; events: NewEvent[] } {
  const { outcome, checkedInAt, checkedOutAt, cancellationReason, ...input } = booked;
  const expected = expectStay(uuidv7(), { ...input, unitIds: [] }, property, now);
  if (outcome === 'expected') return { stay: expected, events: [eventOf(GuestExpected, expected)] };
  if (outcome === 'cancelled') {
    const cancelled = cancelStay(expected, cancellationReason, now);
    return { stay: cancelled, events: [eventOf(GuestExpected, expected), eventOf(StayCancelled, cancelled)] };
  }
  const arrived = arrive(expected, { checkedInAt }, property, now);
  const events = [eventOf(GuestCheckedIn, arrived)];
  if (outcome === 'in-house') return { stay: arrived, events };
  const departed = checkOut(arrived, checkedOutAt, property, now);
  return { stay: departed, events: [...events, eventOf(GuestCheckedOut, departed)] };
}

const resultOf = (index: number, status: 'recorded' | 'known', stay: Stay): BulkStayResult => ({
  ...{ index, status },
  stay: { id: stay.stayId, status: stay.status },
});

@CommandHandler(RecordStaysInBulk)
export class RecordStaysInBulkHandler implements ICommandHandler<RecordStaysInBulk> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly stays: StayStore,
  ) {}

  async execute(command: RecordStaysInBulk): Promise<Committed<{ results: BulkStayResult[] }>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.unitOfWork.run(command.context, (unit) => this.record(unit, command), {
          constraints: stayConstraints,
        });
      } catch (error) {
        // Somebody noted one of the references between our look and our write: the next look finds it.
        if (attempt < ATTEMPTS && error instanceof DomainError && error.problem.name === 'stay-reference-taken')
          continue;
        throw error;
      }
    }
  }

  private async record(
    unit: OrganizationTransaction,
    { context, items }: RecordStaysInBulk,
  ): Promise<{ results: BulkStayResult[] }> {
    const parsed = await mapInTurns(items, (item) => bookedStay.safeParse(item));
    const booked = parsed.flatMap(({ data }) => data ?? []);
    const [properties, known] = await Promise.all([
      this.properties.find(unit, [...new Set(booked.map(({ propertyId }) => propertyId))]),
      this.stays.findByReference(
        unit,
        booked.map(({ propertyId, externalReference }) => [propertyId, externalReference] as const),
      ),
    ]);
    const now = new Date();
    const added: NewStay[] = [];
    const events: NewEvent[] = [];
    const judge = (one: BookedStay, index: number): BulkStayResult => {
      const property = propertyFor(context.principal, properties, one.propertyId);
      const key = referenceKey(one.propertyId, one.externalReference);
      const present = known.get(key);
      if (present) return resultOf(index, 'known', present);
      const taken = takeOver(one, property, now);
      events.push(...taken.events);
      added.push({ stay: taken.stay, event: events.length });
      known.set(key, taken.stay);
      return resultOf(index, 'recorded', taken.stay);
    };
    const results = await mapInTurns(parsed, (result, index) =>
      result.success ? judged(index, () => judge(result.data, index)) : malformed(index, result.error.issues),
    );
    if (added.length > 0) {
      this.stays.add(unit, added, events.length);
      unit.record(...events);
    }
    return { results };
  }
}

const malformed = (index: number, issues: Parameters<typeof fieldErrors>[0]): BulkStayResult => ({
  index,
  status: 'invalid',
  code: 'invalid-request',
  errors: fieldErrors(issues),
});

function judged(index: number, judge: () => BulkStayResult): BulkStayResult {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      index,
      status: 'invalid',
      code: error.problem.name,
      errors: error.extra.errors ?? [{ pointer: '', detail: error.message }],
    };
  }
}
