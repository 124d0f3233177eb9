import { BusinessDayReopened, maySeeProperty } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Day, reopenDay } from '../day';
import { DayStore } from '../day.store';
import { assertVersion } from '../finance.policies';
import { ReopenDay } from './reopen-day.command';

@CommandHandler(ReopenDay)
export class ReopenDayHandler implements ICommandHandler<ReopenDay> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly days: DayStore,
  ) {}

  execute({ context, id, reason, ifVersion }: ReopenDay): Promise<Committed<Day>> {
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.days.load(unit, id);
      if (!loaded || !maySeeProperty(context.principal, loaded.day.propertyId)) throw notFound('business day');
      assertVersion(loaded, ifVersion);
      const day = reopenDay(loaded.day, reason, context.principal, new Date());
      this.days.save(unit, day);
      const { propertyId, businessDay } = day;
      unit.record(BusinessDayReopened({ dayId: id, propertyId, businessDay, reason }, { propertyId, entityId: id }));
      return day;
    });
  }
}
