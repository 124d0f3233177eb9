import { GuestCheckedIn } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { arrive } from '../stay';
import { StayChange } from '../stay-change';
import { type StayView, stayView } from '../stay.answers';
import { eventOf } from '../stay.events';
import { StayStore } from '../stay.store';
import { UnitChoices } from '../unit-choices';
import { Arrive } from './arrive.command';

@CommandHandler(Arrive)
export class ArriveHandler implements ICommandHandler<Arrive> {
  constructor(
    private readonly change: StayChange,
    private readonly units: UnitChoices,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, id, input, ifVersion }: Arrive): Promise<Committed<StayView>> {
    return this.change.run(context, id, ifVersion, async ({ unit, stay, property, now }) => {
      const arrived = arrive(stay, input, property, now);
      // Also if nothing about them is another: in the meantime one may have gone out of order.
      await this.units.assertFit(unit, [arrived]);
      this.stays.save(unit, arrived);
      const identity = await this.identities.follow(unit, arrived);
      unit.record(eventOf(GuestCheckedIn, arrived));
      return stayView(arrived, identity);
    });
  }
}
