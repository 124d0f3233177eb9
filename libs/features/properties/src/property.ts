import { label } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Whether the runtime's time zone data knows the zone (IANA names, links included). */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

export const propertyName = label(200).describe('What people call the property');
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not an IANA time zone')
  .describe('IANA time zone, such as Europe/Lisbon');
export const currency = z
  .string()
  .length(3)
  .refine((code) => currencies.has(code), 'is not an ISO 4217 currency in capitals')
  .describe('ISO 4217 code of the currency all amounts of the property are in');
export const businessDayStartsAt = z
  .string()
  .regex(/^(0\d|1[01]):[0-5]\d$/, 'is a local time from 00:00 to 11:59')
  .describe('Local time at which the business day begins; what happens before it counts to the day before');

/** A property: one hotel or rental with its own money and its own days. */
export const propertyAnswer = z
  .object({
    id: shapes.numericId,
    name: shapes.text('Casa do Rio'),
    timeZone: shapes.text('Europe/Lisbon'),
    currency: shapes.currency,
    businessDayStartsAt: shapes.text('00:00'),
  })
  .meta({ id: 'Property' });
export type Property = Readonly<z.output<typeof propertyAnswer>>;

/** What of a property can be changed. Its currency is fixed: what was recorded stays in it. */
export type PropertyChanges = Partial<Omit<Property, 'id' | 'currency'>>;

/** The property after a change, or undefined if the change changes nothing. */
export function changeProperty(property: Property, changes: PropertyChanges): Property | undefined {
  const changed = { ...property, ...changes };
  const isSame = (Object.keys(changed) as (keyof Property)[]).every((key) => changed[key] === property[key]);
  return isSame ? undefined : changed;
}
