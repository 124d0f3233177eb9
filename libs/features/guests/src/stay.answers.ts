import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { maskedIdentity } from './identity';
import type { Stay } from './stay';

/** Where a stay is in its life. */
export const stayStatus = z.enum(['expected', 'in-house', 'departed', 'cancelled']).meta({ example: 'in-house' });

const particulars = {
  id: shapes.uuidId,
  propertyId: shapes.numericId,
  status: stayStatus,
  guestName: shapes.text('Inês Carvalho').nullable(),
  country: shapes.text('PRT').nullable(),
  adults: z.int().min(0).meta({ example: 2 }),
  children: z.int().min(0).meta({ example: 1 }),
  partySize: z.int().min(1).meta({ example: 3 }),
  unitIds: z.array(shapes.uuidId),
  arrivesOn: shapes.day.describe('Agreed'),
  departsOn: shapes.day.describe('Agreed').meta({ example: '2026-03-17' }),
  arrivedOn: shapes.day.nullable().describe('The business day on which the party came'),
  departedOn: shapes.day.nullable().describe('The business day on which the party left').meta({ example: null }),
  checkedInAt: shapes.instant.nullable(),
  checkedOutAt: shapes.instant.nullable().meta({ example: null }),
  externalReference: shapes.text('booking-4711').nullable(),
};

/** A stay in lists: without what only who deals with the guest needs. */
export const listedStay = z
  .object({ ...particulars, version: z.int().min(1).meta({ example: 42 }) })
  .meta({ id: 'ListedStay' });

/** A stay as clients see it. Auditors see how to reach the guest as little as anybody sees the number of a document. */
export const stayAnswer = z
  .object({
    ...particulars,
    email: shapes.text('ines@guests.example').nullable(),
    phone: shapes.text('+351912345678').nullable(),
    cancelledAt: shapes.instant.nullable().meta({ example: null }),
    cancellationReason: shapes.text('Flight cancelled').nullable().meta({ example: null }),
    identity: maskedIdentity.nullable(),
    erasedAt: shapes.instant.nullable().meta({ example: null }),
  })
  .meta({ id: 'Stay' });
export type StayView = Readonly<z.output<typeof stayAnswer>>;

/** A stay as clients see it, from the write model. */
export function stayView({ stayId, ...stay }: Stay, identity: StayView['identity']): StayView {
  const { id, propertyId, status, ...rest } = { id: stayId, ...stay };
  return { id, propertyId, status, ...rest, partySize: stay.adults + stay.children, identity };
}
