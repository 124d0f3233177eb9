import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';

export const financeProblems = defineProblems({
  'transaction-already-decided': [409, 'The transaction is already approved or rejected'],
  'transaction-not-pending': [409, 'Only pending transactions can be changed or deleted'],
  'transaction-not-approved': [409, 'Only approved transactions can be reversed'],
  'transaction-already-reversed': [409, 'The transaction is reversed already'],
  'external-reference-taken': [409, 'A transaction of the property has this external reference'],
  'business-day-closed': [409, 'The business day is closed'],
  'business-day-not-closed': [409, 'The business day is not closed'],
  'business-day-not-begun': [422, 'The business day has not begun yet'],
  'payment-mode-counted-twice': [422, 'A payment mode is counted twice'],
  'transactions-pending': [409, 'Transactions of the business day wait to be decided'],
  'category-exists': [409, 'There is a category of this name'],
  'category-archived': [409, 'The category is archived'],
  'approval-rules-overlap': [409, 'Another rule is for the same amounts'],
  'import-invalid': [422, 'The file has rows that cannot be recorded'],
  'too-many-rules': [409, 'There are as many as there may be'],
  'occurred-at-out-of-range': [422, 'The time lies outside what can be recorded'],
});

const refusals = { ...httpProblems, ...financeProblems };

/** A refusal of one item of a bulk request, or of a whole request: the problem and where it lies. */
export const refuse = (
  name: keyof typeof refusals,
  detail: string,
  errors?: readonly FieldError[],
  members?: Readonly<Record<string, unknown>>,
) => new DomainError(refusals[name], detail, { errors, members });

export const externalReferenceTaken = () =>
  refuse('external-reference-taken', 'It is recorded already. Leave it as it is, or use another reference.', [
    { pointer: '/externalReference', detail: 'is taken in this property' },
  ]);
