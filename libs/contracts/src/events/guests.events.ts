import { z } from 'zod';
import { defineEvent } from './define-event';
import { subjects } from './personal-fields';

/**
 * A stay as it is after the event: one party that is expected at a property, checks in and checks out. Days are business days of the
 * property (`YYYY-MM-DD`). What fills a night is decided by the days alone: a stay that is in house or has departed fills the nights
 * from `arrivedOn` up to, and without, `departedOn ?? departsOn`; one that is expected or cancelled fills none. The lead guest's name is
 * the only thing in it that is personal.
 */
export const staySnapshot = z.object({
  stayId: z.string(),
  propertyId: z.number(),
  status: z.enum(['expected', 'in-house', 'departed', 'cancelled']),
  /** The units that it is given; none as long as nobody chose. */
  unitIds: z.array(z.string()),
  /** How many units it fills: those that it is given, else one. */
  unitCount: z.number().int(),
  adults: z.number().int(),
  children: z.number().int(),
  /** Everybody. */
  partySize: z.number().int(),
  /** Where the party comes from: ISO 3166-1 alpha-3. */
  country: z.string().nullable(),
  guestName: z.string().nullable(),
  /** What is agreed. The day of departure is not a night of the stay. */
  arrivesOn: z.string(),
  departsOn: z.string(),
  /** What happened. */
  arrivedOn: z.string().nullable(),
  departedOn: z.string().nullable(),
  checkedInAt: z.string().nullable(),
  checkedOutAt: z.string().nullable(),
  externalReference: z.string().nullable(),
});
export type StaySnapshot = z.infer<typeof staySnapshot>;

const personal = {
  subject: ({ stayId }: { stayId: string }) => subjects.guest(stayId),
  fields: ['guestName'] as const,
};

/** A stay is agreed on and nobody has arrived yet. */
export const GuestExpected = defineEvent('GuestExpected', 1, staySnapshot, {}, personal);
/** The party is there: one that was expected, or one that came without. A stay has one such event at most. */
export const GuestCheckedIn = defineEvent('GuestCheckedIn', 1, staySnapshot, {}, personal);
/** Days, units, party or particulars are others than before; the status is not. */
export const StayChanged = defineEvent('StayChanged', 1, staySnapshot, {}, personal);
/** The party has left. */
export const GuestCheckedOut = defineEvent('GuestCheckedOut', 1, staySnapshot, {}, personal);
/** Nobody will come: only a stay that was expected is cancelled. */
export const StayCancelled = defineEvent('StayCancelled', 1, staySnapshot, {}, personal);

/** Somebody was shown the identity of a guest in full. */
export const GuestIdentityViewed = defineEvent(
  'GuestIdentityViewed',
  1,
  z.object({ stayId: z.string(), propertyId: z.number(), accessId: z.string(), purpose: z.string() }),
);

/** The identity of a guest is not kept any longer, because its time is over; who keeps documents of the guest deletes them. */
export const GuestIdentityRemoved = defineEvent(
  'GuestIdentityRemoved',
  1,
  z.object({ stayId: z.string(), propertyId: z.number() }),
);

/** All that was personal about a guest is gone, on request. The stay goes on counting; who keeps documents of the guest deletes them. */
export const GuestErased = defineEvent('GuestErased', 1, z.object({ stayId: z.string(), propertyId: z.number() }));
