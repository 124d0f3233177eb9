import { type TaxShare, type TaxSnapshot, label } from '@innkeep/contracts';
import { dayParameter } from '@innkeep/platform/http';
import { z } from 'zod';
import { type TransactionKind, category, kind } from './transaction.fields';

/** What a client gives to lay down a tax. */
export const taxInput = z.strictObject({
  name: label(100),
  propertyId: z.int().min(1).nullable().default(null).describe('By default all properties'),
  kind: kind.nullable().default(null).describe('By default expenses and revenues'),
  category: category.nullable().default(null).describe('By default all categories, and transactions without one'),
  rateBasisPoints: z.int().min(0).max(10_000).describe('Hundredths of a percent: 2300 is 23 %'),
  isInclusive: z.boolean().describe('Whether amounts hold the tax already, or it comes on top of them'),
  effectiveFrom: dayParameter.describe('The first business day that it is for'),
});
export type TaxInput = z.output<typeof taxInput>;

const halfUp = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

/**
 * What of an amount is tax. The tax of each transaction is rounded for itself, half a minor unit up; what is left is the net, so that
 * net and tax are the gross to the last unit. Sums of taxes are sums of these, never a rate of a sum.
 * @param amountCents as it was given, above zero
 */
export function taxOf(
  amountCents: number,
  { taxId, rateBasisPoints, isInclusive }: Pick<TaxSnapshot, 'taxId' | 'rateBasisPoints' | 'isInclusive'>,
): TaxShare {
  const product = BigInt(amountCents) * BigInt(rateBasisPoints);
  const taxCents = Number(halfUp(product, isInclusive ? 10_000n + BigInt(rateBasisPoints) : 10_000n));
  const netCents = isInclusive ? amountCents - taxCents : amountCents;
  return { taxId, rateBasisPoints, isInclusive, netCents, taxCents, grossCents: netCents + taxCents };
}

/** The same with the opposite sign, for a reversal. */
export const oppositeTax = (tax: TaxShare): TaxShare => ({
  ...tax,
  netCents: -tax.netCents,
  taxCents: -tax.taxCents,
  grossCents: -tax.grossCents,
});

/** What a transaction is taxed by. */
export interface Taxable {
  readonly propertyId: number;
  readonly kind: TransactionKind;
  readonly category: string | null;
  readonly businessDay: string;
}

const sameCategory = (one: string | null, other: string | null) => one?.toLowerCase() === other?.toLowerCase();

/**
 * The tax that is for a transaction: of those in force on its business day the one that says most exactly what it is for, by property
 * before category before kind; of several alike the one that came into force last.
 */
export function taxFor(taxes: readonly TaxSnapshot[], of: Taxable): TaxSnapshot | undefined {
  const rank = (tax: TaxSnapshot): string =>
    [tax.propertyId, tax.category, tax.kind].map((named) => (named === null ? 0 : 1)).join('') +
    tax.effectiveFrom +
    tax.taxId;
  return taxes
    .filter(
      (tax) =>
        tax.effectiveFrom <= of.businessDay &&
        (tax.propertyId === null || tax.propertyId === of.propertyId) &&
        (tax.kind === null || tax.kind === of.kind) &&
        (tax.category === null || sameCategory(tax.category, of.category)),
    )
    .reduce<TaxSnapshot | undefined>((best, tax) => (best && rank(best) > rank(tax) ? best : tax), undefined);
}
