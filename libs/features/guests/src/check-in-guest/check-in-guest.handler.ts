import { GuestCheckedIn, GuestExpected, PropertyPort } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { GuestIdentities } from '../guest-identities';
import { propertyFor } from '../guests.policies';
import { stayConstraints } from '../guests.problems';
import { arrive, expectStay } from '../stay';
import { type StayView, stayView } from '../stay.answers';
import { eventOf } from '../stay.events';
import { StayStore } from '../stay.store';
import { UnitChoices } from '../unit-choices';
import { CheckInGuest } from './check-in-guest.command';

@CommandHandler(CheckInGuest)
export class CheckInGuestHandler implements ICommandHandler<CheckInGuest> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly units: UnitChoices,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, input }: CheckInGuest): Promise<Committed<StayView>> {
    return this.unitOfWork.run(context, (unit) => this.checkIn(unit, context.principal, input), {
      constraints: stayConstraints,
    });
  }

  private async checkIn(
    unit: OrganizationTransaction,
    principal: CheckInGuest['context']['principal'],
    input: CheckInGuest['input'],
  ): Promise<StayView> {
    const property = propertyFor(principal, await this.properties.find(unit, [input.propertyId]), input.propertyId);
    const now = new Date();
    const { identity, isExpected, checkedInAt, ...particulars } = input;
    // Who comes now is agreed with from the day on which it happened.
    const agreedAt = checkedInAt === undefined ? now : new Date(checkedInAt);
    const expected = expectStay(uuidv7(), particulars, property, agreedAt);
    const stay = isExpected ? expected : arrive(expected, { checkedInAt }, property, now);
    await this.units.assertFit(unit, [stay]);
    const kept = identity && (await this.identities.keep(unit, stay, identity, principal));
    this.stays.add(unit, [{ stay, event: 1 }], 1);
    unit.record(eventOf(isExpected ? GuestExpected : GuestCheckedIn, stay));
    return stayView(stay, this.identities.viewOf(stay, kept));
  }
}
