import { type GuestFacts, GuestPort, type Sql as PortSql } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { identityEndsAt } from './stay';
import { StayStore } from './stay.store';

/** What other features may ask about guests, inside their own transaction. */
@Injectable()
export class GuestAnswers extends GuestPort {
  constructor(private readonly stays: StayStore) {
    super();
  }

  async find(port: PortSql, guestIds: readonly string[]): Promise<Map<string, GuestFacts>> {
    const stays = await this.stays.find(port, guestIds);
    return new Map(
      stays.map((stay) => {
        const { stayId: id, propertyId, status, erasedAt } = stay;
        return [id, { id, propertyId, status, identityEndsAt: identityEndsAt(stay), isErased: erasedAt !== null }];
      }),
    );
  }
}
