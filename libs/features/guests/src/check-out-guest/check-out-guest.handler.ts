import { GuestCheckedOut } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { checkOut } from '../stay';
import { StayChange } from '../stay-change';
import { type StayView, stayView } from '../stay.answers';
import { eventOf } from '../stay.events';
import { StayStore } from '../stay.store';
import { CheckOutGuest } from './check-out-guest.command';

@CommandHandler(CheckOutGuest)
export class CheckOutGuestHandler implements ICommandHandler<CheckOutGuest> {
  constructor(
    private readonly change: StayChange,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, id, checkedOutAt, ifVersion }: CheckOutGuest): Promise<Committed<StayView>> {
    return this.change.run(context, id, ifVersion, async ({ unit, stay, property, now }) => {
      const departed = checkOut(stay, checkedOutAt, property, now);
      this.stays.save(unit, departed);
      const identity = await this.identities.follow(unit, departed);
      unit.record(eventOf(GuestCheckedOut, departed));
      return stayView(departed, identity);
    });
  }
}
