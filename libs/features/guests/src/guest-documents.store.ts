import { type DocumentOwnerFacts, DocumentOwnerPort, type Sql } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import { identityEndsAt, identityKeptAtLeastUntil } from './stay';
import { StayStore } from './stay.store';

/** What documents that belong to a guest have to know: they go when the identity goes, and with the guest who is erased. */
@Injectable()
export class GuestDocuments extends DocumentOwnerPort {
  readonly kind = 'guest';

  constructor(private readonly stays: StayStore) {
    super();
  }

  async find(port: Sql, id: string, now: Date): Promise<DocumentOwnerFacts | undefined> {
    const [stay] = validate(id) ? await this.stays.find(port, [id]) : [];
    if (!stay || stay.erasedAt) return undefined;
    const { propertyId } = stay;
    const term = { endsAt: identityEndsAt(stay), notBefore: identityKeptAtLeastUntil(stay, now) };
    return { propertyId, isSettled: false, term };
  }
}
