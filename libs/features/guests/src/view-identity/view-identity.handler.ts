import { GuestIdentityViewed } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMaySee } from '../guests.policies';
import type { Identity } from '../identity';
import { IdentityStore } from '../identity.store';
import { StayStore } from '../stay.store';
import { ViewIdentity } from './view-identity.command';

@CommandHandler(ViewIdentity)
export class ViewIdentityHandler implements ICommandHandler<ViewIdentity> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly stays: StayStore,
    private readonly identities: IdentityStore,
  ) {}

  async execute({ context, id, purpose }: ViewIdentity): Promise<Committed<Identity>> {
    const { principal, requestId } = context;
    // Without the idempotency key: its record would keep the identity in the clear, and each view is to be noted.
    return this.unitOfWork.run({ principal, requestId }, async (unit) => {
      const loaded = await this.stays.load(unit, id);
      assertMaySee(principal, loaded?.stay);
      const { stay } = loaded!;
      const kept = await this.identities.load(unit, stay.stayId);
      const fields = kept && (await this.identities.open(unit, stay.stayId, kept));
      if (!fields) throw notFound('identity');
      const accessId = this.identities.note(unit, stay, { what: 'viewed', by: principal.userId, purpose });
      const { stayId, propertyId } = stay;
      unit.record(GuestIdentityViewed({ stayId, propertyId, accessId, purpose }, { propertyId, entityId: stayId }));
      const { number = '', nationality = '', issuedBy = null, expiresOn = null, dateOfBirth = null } = fields;
      const { documentType } = kept;
      return { stayId, documentType, number, nationality, issuedBy, expiresOn, dateOfBirth, accessId };
    });
  }
}
