import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';

export const financeProblems = defineProblems({
  'transaction-already-decided': [409, 'The transaction is already approved or rejected'],
  'transaction-not-pending': [409, 'Only pending transactions can be changed or deleted'],
  'transaction-not-approved': [409, 'Only approved transactions can be reversed'],
  'transaction-already-reversed': [409, 'The transaction is reversed already'],
  'external-reference-taken': [409, 'A transaction of the property has this external reference'],
  'occurred-at-out-of-range': [422, 'The time lies outside what can be recorded'],
});

const refusals = { ...httpProblems, ...financeProblems };

/** A refusal of one item of a bulk request, or of a whole request: the problem and where it lies. */
export const refuse = (name: keyof typeof refusals, detail: string, errors?: readonly FieldError[]) =>
  new DomainError(refusals[name], detail, { errors });

export const externalReferenceTaken = () =>
  refuse('external-reference-taken', 'It is recorded already. Leave it as it is, or use another reference.', [
    { pointer: '/externalReference', detail: 'is taken in this property' },
  ]);
