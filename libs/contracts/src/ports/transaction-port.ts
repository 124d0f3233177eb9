import type { PropertyScope } from '../principal';
import type { Sql } from './sql';

/** What was approved in one property on one business day in one currency. Amounts are decimal texts: sums may be larger than a number can hold. */
export interface DaySum {
  readonly propertyId: number;
  readonly businessDay: string;
  readonly currency: string;
  readonly receivedCents: string;
  readonly expensesCents: string;
  readonly transactionCount: number;
}

/** What was approved of one category in one business month (`YYYY-MM`) in one currency. */
export interface CategorySum {
  readonly month: string;
  readonly kind: 'expense' | 'revenue';
  readonly category: string | null;
  readonly currency: string;
  readonly amountCents: string;
  readonly transactionCount: number;
}

/** An approved transaction, or the reversal of one. */
export interface ApprovedTransaction {
  readonly id: string;
  readonly kind: 'expense' | 'revenue';
  readonly amountCents: string;
  readonly currency: string;
  readonly description: string;
  readonly category: string | null;
  readonly paymentMode: string | null;
  readonly occurredAt: string;
  readonly businessDay: string;
  readonly reversalOf: string | null;
}

/**
 * Answered by the finance feature from the transactions themselves, for whoever has read models of them that stand still. Days are
 * business days, `YYYY-MM-DD`, both included.
 */
export abstract class TransactionPort {
  /** How many wait for a decision in the properties of a scope. */
  abstract countPending(sql: Sql, properties: PropertyScope): Promise<number>;
  abstract approvedSums(sql: Sql, propertyIds: readonly number[], from: string, to: string): Promise<readonly DaySum[]>;
  abstract approvedCategories(sql: Sql, propertyId: number, from: string, to: string): Promise<readonly CategorySum[]>;
  abstract approved(sql: Sql, propertyId: number, from: string, to: string): Promise<readonly ApprovedTransaction[]>;
}
