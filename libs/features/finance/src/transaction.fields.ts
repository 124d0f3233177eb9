import { label, prose } from '@innkeep/contracts';
import { z } from 'zod';

/** The two kinds of transactions. */
export const kind = z.enum(['expense', 'revenue']);
export type TransactionKind = z.output<typeof kind>;

/** The largest amount of one transaction, in minor units: sums of a million of them still fit 64 bits. */
export const MAX_AMOUNT_CENTS = 10_000_000_000_000;

export const amountCents = z
  .int()
  .min(1)
  .max(MAX_AMOUNT_CENTS)
  .describe("Amount in minor units of the property's currency");
export const description = prose(500);
export const category = label(100).describe('Your own word, or the name of a category');
export const paymentMode = label(50).describe('Such as `cash`, `card`, `transfer`, `ota` or `other`');
export const occurredAt = z.iso
  .datetime({ offset: true })
  .describe('When it happened (RFC 3339, with offset); by default now');
