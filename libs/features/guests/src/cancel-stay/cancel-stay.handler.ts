import { StayCancelled } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { cancelStay } from '../stay';
import { StayChange } from '../stay-change';
import { type StayView, stayView } from '../stay.answers';
import { eventOf } from '../stay.events';
import { StayStore } from '../stay.store';
import { CancelStay } from './cancel-stay.command';

@CommandHandler(CancelStay)
export class CancelStayHandler implements ICommandHandler<CancelStay> {
  constructor(
    private readonly change: StayChange,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, id, reason, ifVersion }: CancelStay): Promise<Committed<StayView>> {
    return this.change.run(context, id, ifVersion, async ({ unit, stay, now }) => {
      const cancelled = cancelStay(stay, reason, now);
      this.stays.save(unit, cancelled);
      const identity = await this.identities.follow(unit, cancelled);
      unit.record(eventOf(StayCancelled, cancelled));
      return stayView(cancelled, identity);
    });
  }
}
