import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LocationStore } from '../location.store';
import { ForgetPlaces } from './forget-places.command';

@CommandHandler(ForgetPlaces)
export class ForgetPlacesHandler implements ICommandHandler<ForgetPlaces> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly locations: LocationStore,
  ) {}

  execute({ context, userId, month }: ForgetPlaces): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      if (await this.locations.isKept(unit, userId, month)) this.locations.forget(unit, userId, month);
      return null;
    });
  }
}
