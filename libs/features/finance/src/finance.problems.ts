import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';

export const financeProblems = defineProblems({
  'transaction-already-decided': [409, 'The transaction is already approved or rejected'],
  'transaction-not-pending': [409, 'Only pending transactions can be changed or deleted'],
  'transaction-not-approved': [409, 'Only approved transactions can be reversed'],
  'transaction-already-reversed': [409, 'The transaction is reversed already'],
  'external-reference-taken': [409, 'A transaction of the property has this external reference'],
  'precondition-failed': [412, 'The transaction has changed since you read it'],
  'property-unknown': [422, 'The property does not exist or is not yours to see'],
  'occurred-at-out-of-range': [422, 'The time lies outside what can be recorded'],
});

/** A refusal of one item of a bulk request, or of a whole request: the problem and where it lies. */
export const refuse = (name: keyof typeof financeProblems, detail: string, errors?: readonly FieldError[]) =>
  new DomainError(financeProblems[name], detail, { errors });

export const externalReferenceTaken = () =>
  refuse('external-reference-taken', 'It is recorded already. Leave it as it is, or use another reference.', [
    { pointer: '/externalReference', detail: 'is taken in this property' },
  ]);
