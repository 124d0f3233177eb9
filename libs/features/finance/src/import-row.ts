import { type PropertyFacts, businessDay } from '@innkeep/contracts';
import { fieldErrors } from '@innkeep/platform/http';
import type { GivenRow, RowError } from './import';
import { type TransactionInput, transactionInput } from './transaction';

const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount with a decimal point in minor units; undefined if it is none of the currency. */
export function toCents(amount: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const [, whole, fraction = ''] = /^(\d{1,13})(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined || fraction.length > digits) return undefined;
  return Number(whole + fraction.padEnd(digits, '0'));
}

const HOUR = 3_600_000;
/** From noon in UTC, nearest first: wherever a property is, one of them is well inside its business day of that date. */
const HOURS_AROUND_NOON = [0, 3, -3, 6, -6, 9, -9, 12, -12, 15, -15];

/** An instant on a business day of a property, away from the day's ends; undefined if there is no such day. */
export function instantOn(day: string, { timeZone, businessDayStartsAt }: PropertyFacts): string | undefined {
  const noon = Date.parse(`${day}T12:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(noon)) return undefined;
  const isOn = (instant: number) => businessDay(new Date(instant), timeZone, businessDayStartsAt) === day;
  const found = HOURS_AROUND_NOON.map((hours) => noon + hours * HOUR).find(
    (instant) => isOn(instant - 3 * HOUR) && isOn(instant + 3 * HOUR),
  );
  return found === undefined ? undefined : new Date(found).toISOString();
}

interface ReadRow {
  readonly input?: TransactionInput;
  readonly errors: readonly RowError[];
}

/**
 * What a row says, as if it had been recorded by itself. Cells are texts and nothing else: what a spreadsheet would run as a formula is
 * a description like any other.
 * @param reference what the row is known by if it does not say so itself
 */
export function readRow({ line, cells }: GivenRow, property: PropertyFacts, reference: string): ReadRow {
  const { amount, amountCents, date, occurredAt, ...rest } = cells;
  const errors: RowError[] = [];
  const wrong = (column: string, reason: string): undefined => void errors.push({ line, column, reason });
  const centsOf = (): number | undefined => {
    if (amount !== undefined)
      return (
        toCents(amount, property.currency) ??
        wrong('amount', `is no amount in ${property.currency} with at most ${minorDigits(property.currency)} decimals`)
      );
    if (amountCents === undefined) return wrong('amount', 'is missing');
    return /^\d{1,15}$/.test(amountCents) ? Number(amountCents) : wrong('amountCents', 'is no whole number');
  };
  if (date !== undefined && occurredAt !== undefined) wrong('date', 'give one of date and occurredAt');
  const when = date === undefined ? occurredAt : (instantOn(date, property) ?? wrong('date', 'is no day (YYYY-MM-DD)'));
  const cents = centsOf();
  if (when === undefined && date === undefined) wrong('date', 'is missing');
  if (errors.length > 0) return { errors };
  const given = {
    externalReference: reference,
    ...rest,
    propertyId: property.id,
    amountCents: cents,
    occurredAt: when,
  };
  const parsed = transactionInput.safeParse(given);
  if (parsed.success) return { input: parsed.data, errors };
  const columnOf = (pointer: string): string => {
    const name = pointer.slice(1);
    if (name === 'amountCents') return amount === undefined ? 'amountCents' : 'amount';
    return name === 'occurredAt' && date !== undefined ? 'date' : name;
  };
  return {
    errors: fieldErrors(parsed.error.issues).map(({ pointer, detail }) => ({
      ...{ line, column: columnOf(pointer), reason: detail },
    })),
  };
}
