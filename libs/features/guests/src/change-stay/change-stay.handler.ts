import { StayChanged } from '@innkeep/contracts';
import type { Committed } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { changeStay } from '../stay';
import { type LoadedStay, StayChange } from '../stay-change';
import { type StayView, stayView } from '../stay.answers';
import { eventOf } from '../stay.events';
import { StayStore } from '../stay.store';
import { UnitChoices } from '../unit-choices';
import { ChangeStay } from './change-stay.command';

@CommandHandler(ChangeStay)
export class ChangeStayHandler implements ICommandHandler<ChangeStay> {
  constructor(
    private readonly change: StayChange,
    private readonly units: UnitChoices,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute(command: ChangeStay): Promise<Committed<StayView>> {
    const { context, id, ifVersion } = command;
    return this.change.run(context, id, ifVersion, (loaded) => this.replace(loaded, command));
  }

  private async replace({ unit, stay }: LoadedStay, { context, input }: ChangeStay): Promise<StayView> {
    const { identity, ...particulars } = input;
    const changed = changeStay(stay, particulars);
    const kept = await this.identities.load(unit, stay.stayId);
    const after = changed ?? stay;
    if (!changed && (identity === undefined || (identity === null && !kept)))
      return stayView(stay, this.identities.viewOf(stay, kept));
    await this.units.assertStillFit(unit, stay, after);
    this.stays.save(unit, after);
    unit.record(eventOf(StayChanged, after));
    if (identity) {
      const replaced = await this.identities.keep(unit, after, identity, context.principal, kept);
      return stayView(after, this.identities.viewOf(after, replaced));
    }
    if (identity === null && kept) this.identities.remove(unit, after, 'removed', context.principal.userId);
    const left = identity === null ? undefined : kept;
    if (left) await this.identities.follow(unit, after);
    return stayView(after, this.identities.viewOf(after, left));
  }
}
