import type { Principal } from '@innkeep/contracts';
import type { OrganizationTransaction } from '@innkeep/platform/database';
import { Inject, Injectable } from '@nestjs/common';
import { documentNumberFlaw } from './document-numbers';
import { refuse } from './guests.problems';
import type { IdentityInput } from './identity';
import { IdentityStore, type KeptIdentity, maskedView } from './identity.store';
import type { Stay } from './stay';
import type { StayView } from './stay.answers';

/** Keeps what documents say of guests, and notes each time that it does. */
@Injectable()
export class GuestIdentities {
  constructor(@Inject(IdentityStore) private readonly store: IdentityStore) {}

  /** Keeps an identity in the place of the one before, if there was one; refused if the document had ended when the stay began. */
  async keep(
    unit: OrganizationTransaction,
    stay: Stay,
    identity: IdentityInput,
    principal: Principal,
    before?: KeptIdentity,
  ): Promise<KeptIdentity> {
    const flaw = documentNumberFlaw(identity.documentType, identity.issuedBy ?? identity.nationality, identity.number);
    if (flaw)
      throw refuse('identity-number-implausible', 'Compare it with the document, and send what stands there.', [
        { pointer: '/identity/number', detail: flaw },
      ]);
    if (identity.expiresOn !== undefined && identity.expiresOn < (stay.arrivedOn ?? stay.arrivesOn))
      throw refuse('identity-document-expired', 'Ask the guest for another one.', [
        { pointer: '/identity/expiresOn', detail: 'is before the stay begins' },
      ]);
    const kept = await this.store.keep(unit, stay, identity);
    this.store.note(unit, stay, { what: before ? 'changed' : 'kept', by: principal.userId });
    return kept;
  }

  load(unit: OrganizationTransaction, stayId: string): Promise<KeptIdentity | undefined> {
    return this.store.load(unit, stayId);
  }

  /** Keeps what there is for as long as the stay now wants it, and shows it. */
  async follow(unit: OrganizationTransaction, stay: Stay): Promise<StayView['identity']> {
    const kept = await this.store.load(unit, stay.stayId);
    if (kept) this.store.keepUntil(unit, stay);
    return maskedView(stay, kept);
  }

  /** Removes what there is, and notes why. */
  remove(unit: OrganizationTransaction, stay: Stay, what: 'removed' | 'erased', by: number | null): void {
    this.store.remove(unit, stay.stayId);
    this.store.note(unit, stay, { what, by });
  }

  viewOf(stay: Stay, kept: KeptIdentity | undefined): StayView['identity'] {
    return maskedView(stay, kept);
  }
}
