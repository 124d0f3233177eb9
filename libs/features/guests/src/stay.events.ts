import {
  GuestCheckedIn,
  GuestCheckedOut,
  GuestExpected,
  type NewEvent,
  StayCancelled,
  StayChanged,
  type StaySnapshot,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Stay, snapshotOf } from './stay';

/** Each says the whole of a stay as it is after it. */
export const stayEvents = [GuestExpected, GuestCheckedIn, StayChanged, GuestCheckedOut, StayCancelled] as const;

/** Whether an event of a batch is one of them. */
export const isStayEvent = rawSql(`type in (${stayEvents.map(({ type }) => `'${type}'`).join(', ')})`);

type StayEvent = (data: StaySnapshot, about: { propertyId: number; entityId: string }) => NewEvent;

/** An event about a stay as it is now. */
export const eventOf = (type: StayEvent, stay: Stay): NewEvent =>
  type(snapshotOf(stay), { propertyId: stay.propertyId, entityId: stay.stayId });
