import type { NewEvent, StaySnapshot } from '@innkeep/contracts';
import { type Stay, snapshotOf } from './stay';

type StayEvent = (data: StaySnapshot, about: { propertyId: number; entityId: string }) => NewEvent;

/** An event about a stay as it is now. */
export const eventOf = (type: StayEvent, stay: Stay): NewEvent =>
  type(snapshotOf(stay), { propertyId: stay.propertyId, entityId: stay.stayId });
