import type { ApprovalRuleSnapshot, CategorySnapshot, TaxSnapshot } from '@innkeep/contracts';
import { chainOf, ruleFor } from './approval-chain';
import { refuse } from './finance.problems';
import { taxFor, taxOf } from './tax';
import type { Transaction } from './transaction';

/** What an organization has laid down for its books, as far as it matters to what is being recorded. */
export interface FinanceRules {
  /** The closed days that may be touched, by `dayKey`: the id of each. */
  readonly closedDays: ReadonlyMap<string, string>;
  readonly categories: readonly CategorySnapshot[];
  readonly taxes: readonly TaxSnapshot[];
  readonly approvalRules: readonly ApprovalRuleSnapshot[];
}

export const dayKey = (propertyId: number, businessDay: string): string => `${propertyId} ${businessDay}`;

/** Nothing is recorded on, moved to or taken from a day that is closed. */
export function assertOpen(
  { closedDays }: FinanceRules,
  { propertyId, businessDay }: Pick<Transaction, 'propertyId' | 'businessDay'>,
): void {
  const id = closedDays.get(dayKey(propertyId, businessDay));
  if (id)
    throw refuse(
      'business-day-closed',
      `${businessDay} is closed. Give a time of a day that is open, or have an owner reopen it: POST /v1/finance/days/${id}/reopen.`,
      [{ pointer: '/occurredAt', detail: `is on ${businessDay}, which is closed` }],
    );
}

/** The category as the organization writes it. A word that is none of its categories is left as it is. */
function categoryIn({ categories }: FinanceRules, { kind, category }: Transaction): string | null {
  const wanted = category?.toLowerCase();
  const found = categories.find((one) => one.kind === kind && one.name.toLowerCase() === wanted);
  if (found?.isArchived)
    throw refuse('category-archived', `Use another category than ${found.name}, or take it out of the archive.`, [
      { pointer: '/category', detail: 'is archived' },
    ]);
  return found?.name ?? category;
}

/** A pending transaction as the organization's rules make it: on an open day, with its category, its tax and its chain of approval. */
export function underRules(transaction: Transaction, rules: FinanceRules, now: Date): Transaction {
  assertOpen(rules, transaction);
  const category = categoryIn(rules, transaction);
  const tax = taxFor(rules.taxes, { ...transaction, category });
  const rule = ruleFor(rules.approvalRules, transaction);
  return {
    ...transaction,
    category,
    tax: tax ? taxOf(transaction.amountCents, tax) : null,
    approval: rule ? chainOf(rule, now) : null,
  };
}
