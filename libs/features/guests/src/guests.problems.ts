import { DomainError, type FieldError, defineProblems } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';

export const guestsProblems = defineProblems({
  'stay-not-expected': [409, 'The party is not expected any more'],
  'stay-not-in-house': [409, 'The party is not in house'],
  'stay-over': [409, 'The stay is over'],
  'stay-not-over': [409, 'The party is in house'],
  'stay-reference-taken': [409, 'A stay of the property has this external reference'],
  'unit-taken': [409, 'The unit is given to somebody else'],
  'unit-out-of-order': [409, 'The unit cannot be given on these days'],
  'guest-erased': [409, 'The guest is erased'],
  'stay-days-impossible': [422, 'The days of the stay do not fit together'],
  'stay-time-out-of-range': [422, 'The time lies outside what can be noted'],
  'unit-unknown': [422, 'The unit does not exist in this property'],
  'unit-too-small': [422, 'The party is larger than its units'],
  'identity-number-implausible': [422, 'No document has such a number'],
  'identity-document-expired': [422, 'The document has expired'],
});

const refusals = { ...httpProblems, ...guestsProblems };

/** A refusal: the problem and where it lies. */
export const refuse = (name: keyof typeof refusals, detail: string, errors?: readonly FieldError[]) =>
  new DomainError(refusals[name], detail, { errors });

const unitTaken = () =>
  refuse('unit-taken', 'Choose another unit, or other days.', [
    { pointer: '/unitIds', detail: 'holds a unit that is taken' },
  ]);

const referenceTaken = () =>
  refuse('stay-reference-taken', 'It is noted already. Leave it as it is, or use another reference.', [
    { pointer: '/externalReference', detail: 'is taken in this property' },
  ]);

/** What it means if the database refuses a write, by the constraint's name. */
export const stayConstraints = {
  unit_holds_nights: unitTaken,
  unit_holds_in_house: unitTaken,
  stays_external_reference: referenceTaken,
};
