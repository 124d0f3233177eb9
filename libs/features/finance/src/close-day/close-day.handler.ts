import { BusinessDayClosed, PropertyPort } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { type Day, assertBegun, closeDay } from '../day';
import { type DayBooks, DayStore } from '../day.store';
import { FinanceRulesStore } from '../finance-rules.store';
import { propertyFor } from '../finance.policies';
import { refuse } from '../finance.problems';
import { CloseDay } from './close-day.command';

function assertDecided({ pendingCount, pending }: DayBooks): void {
  if (pendingCount > 0)
    throw refuse(
      'transactions-pending',
      'Approve, reject or delete them, or move them to another day, and close it again.',
      undefined,
      { pendingCount, transactionIds: pending },
    );
}

@CommandHandler(CloseDay)
export class CloseDayHandler implements ICommandHandler<CloseDay> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly days: DayStore,
  ) {}

  execute({ context, input }: CloseDay): Promise<Committed<Day>> {
    const { propertyId, businessDay } = input;
    return this.unitOfWork.run(context, async (unit) => {
      // The lock comes first and is waited for: what is looked at after it is all that was recorded before the day was closed.
      const [, properties, standing, books] = await Promise.all([
        this.rules.lockBooks(unit, propertyId),
        this.properties.find(unit, [propertyId]),
        this.days.find(unit, propertyId, businessDay),
        this.days.books(unit, propertyId, businessDay),
      ]);
      const property = propertyFor(context.principal, properties, propertyId);
      const now = new Date();
      assertBegun(businessDay, property, now);
      const day = closeDay(standing, uuidv7(), input, books.takings, context.principal, now);
      assertDecided(books);
      this.days.save(unit, day);
      unit.record(
        BusinessDayClosed(
          { dayId: day.id, propertyId, businessDay, counts: [...day.counts], note: day.note },
          { propertyId, entityId: day.id },
        ),
      );
      return day;
    });
  }
}
