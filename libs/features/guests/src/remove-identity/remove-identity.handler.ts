import { GuestIdentityRemoved } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { GuestIdentities } from '../guest-identities';
import { identityEndsAt } from '../stay';
import { StayStore } from '../stay.store';
import { RemoveIdentity } from './remove-identity.command';

@CommandHandler(RemoveIdentity)
export class RemoveIdentityHandler implements ICommandHandler<RemoveIdentity> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly stays: StayStore,
    private readonly identities: GuestIdentities,
  ) {}

  execute({ context, id, now }: RemoveIdentity): Promise<Committed<null>> {
    return this.unitOfWork.run(context, async (unit) => {
      // Under the lock of the stay: two workers may have found it, and the stay may have become another meanwhile.
      const loaded = await this.stays.load(unit, id);
      if (!loaded || !(await this.identities.load(unit, id))) return null;
      const { stay } = loaded;
      const endsAt = identityEndsAt(stay);
      if (endsAt === null || new Date(endsAt) > now) return null;
      const { stayId, propertyId } = stay;
      this.identities.remove(unit, stay, 'removed', null);
      unit.record(GuestIdentityRemoved({ stayId, propertyId }, { propertyId, entityId: stayId }));
      return null;
    });
  }
}
