import { GuestErased, subjects } from '@innkeep/contracts';
import { type Committed, UnitOfWork, forgetAnswers } from '@innkeep/platform/database';
import { eraseSubject } from '@innkeep/platform/privacy';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { assertMaySee } from '../guests.policies';
import { refuse } from '../guests.problems';
import { eraseGuest } from '../stay';
import { StayStore } from '../stay.store';
import { EraseGuest, type GuestErasure } from './erase-guest.command';

@CommandHandler(EraseGuest)
export class EraseGuestHandler implements ICommandHandler<EraseGuest> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, id }: EraseGuest): Promise<Committed<GuestErasure>> {
    const { principal } = context;
    return this.unitOfWork.run(context, async (unit) => {
      const loaded = await this.stays.load(unit, id);
      assertMaySee(principal, loaded?.stay);
      const { stay } = loaded!;
      const { stayId, propertyId } = stay;
      if (stay.erasedAt) return { stayId, erasedAt: stay.erasedAt };
      if (stay.status === 'in-house')
        throw refuse('stay-not-over', 'Check the party out first: who is in house has to be known by name.');
      const erased = eraseGuest(stay, new Date());
      const kept = await this.identities.load(unit, stayId);
      this.stays.save(unit, erased);
      if (kept) this.identities.remove(unit, erased, 'erased', principal.userId);
      unit.write(forgetAnswers(unit, stayId));
      eraseSubject(unit, subjects.guest(stayId));
      // Behind it, so that the stay has the version of the last event about it.
      unit.record(GuestErased({ stayId, propertyId }, { propertyId, entityId: stayId }));
      return { stayId, erasedAt: erased.erasedAt! };
    });
  }
}
