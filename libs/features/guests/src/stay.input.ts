import { label, prose } from '@innkeep/contracts';
import { dayParameter, holding } from '@innkeep/platform/http';
import { z } from 'zod';
import { countryCodes, isCountry } from './countries';

const MAX_UNITS = 20;

export const guestName = label(200).describe('Of the guest who answers for the party');
const adults = z.int().min(0).max(500);
const children = z.int().min(0).max(500);
const country = z
  .string()
  .max(3)
  .refine(isCountry, 'is not a country by ISO 3166-1 alpha-3')
  .describe('Where the party comes from, ISO 3166-1 alpha-3')
  .meta({ enum: [...countryCodes] });
const phone = z
  .string()
  .max(40)
  .regex(/^[\s().-]*(\+[\s().-]*)?(\d[\s().-]*){4,15}$/, 'has 4 to 15 digits, with + before a country’s (E.164)')
  .transform((text) => text.replaceAll(/[\s().-]/g, ''));
export const unitIds = z
  .array(z.uuid())
  .max(MAX_UNITS)
  .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))].sort())
  .describe('The units that the party is given; none as long as nobody chose');
export const checkedInAt = z.iso
  .datetime({ offset: true })
  .describe('When the party came (RFC 3339, with offset); by default now');
export const checkedOutAt = z.iso
  .datetime({ offset: true })
  .describe('When the party left (RFC 3339, with offset); by default now');
export const cancellationReason = prose(500);

const party = {
  country: country.optional(),
  adults: adults.default(1),
  children: children.default(0),
};

const contact = {
  email: z.email().max(254).optional(),
  phone: phone.optional(),
};

const isSomebody = ({ adults: of, children: and }: { adults: number; children: number }) => of + and > 0;
const somebody = { error: 'has nobody in it', path: ['adults'] };
/** The same for the document: one adult and no child are what is not said otherwise. */
export const nobody = holding(['adults'], { adults: { const: 0 }, children: { const: 0 } });

/** What a client gives of a stay that begins or is to begin. */
const stayFields = {
  propertyId: z.int().min(1),
  guestName: guestName.optional(),
  ...contact,
  ...party,
  unitIds: unitIds.default([]),
  arrivesOn: dayParameter.optional().describe('The agreed first business day; by default today'),
  departsOn: dayParameter.describe('The agreed business day of departure, which is not a night of the stay'),
  externalReference: label(200)
    .optional()
    .describe('Your own id of it, unique in the property: noting it twice is refused'),
};
export type StayInput = z.output<z.ZodObject<typeof stayFields>>;

/** The same of somebody who stands at the desk, or is going to. */
export const deskStay = { ...stayFields, guestName };

const { unitIds: _unitIds, ...bookedFields } = stayFields;
const cameAndLeft: Readonly<Record<string, readonly ('checkedInAt' | 'checkedOutAt')[]>> = {
  'in-house': ['checkedInAt'],
  departed: ['checkedInAt', 'checkedOutAt'],
};

/** A booking of another system, with what became of it. It is given units at the desk. */
export const bookedStay = z
  .strictObject({
    ...bookedFields,
    arrivesOn: dayParameter.describe('The agreed first business day'),
    externalReference: label(200).describe('Your own id of it, unique in the property: a known one is left as it is'),
    outcome: z.enum(['expected', 'in-house', 'departed', 'cancelled']).default('expected'),
    checkedInAt: checkedInAt.optional(),
    checkedOutAt: checkedOutAt.optional(),
    cancellationReason: cancellationReason.optional(),
  })
  .refine(isSomebody, somebody)
  .superRefine((booked, context) => {
    for (const name of cameAndLeft[booked.outcome] ?? [])
      if (booked[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: `is needed of one that is ${booked.outcome}` });
  })
  .meta({
    not: nobody,
    allOf: Object.entries(cameAndLeft).map(([outcome, required]) => ({
      if: holding(['outcome'], { outcome: { const: outcome } }),
      then: holding(required),
    })),
  });
export type BookedStay = z.output<typeof bookedStay>;

/** All that can be changed of a stay that is not over. */
export const stayParticulars = {
  guestName,
  ...contact,
  ...party,
  unitIds,
  arrivesOn: dayParameter.optional().describe('By default as it was'),
  departsOn: dayParameter,
};
export type StayParticulars = z.output<z.ZodObject<typeof stayParticulars>>;

/** Refuses a party of nobody. */
export const withSomebody = <Shape extends { adults: number; children: number }, Schema extends z.ZodType<Shape>>(
  schema: Schema,
) => schema.refine(isSomebody, somebody).meta({ not: nobody });
