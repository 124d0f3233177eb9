import { DomainError, defineProblems } from '@innkeep/contracts';

export const propertiesProblems = defineProblems({
  'unit-name-taken': [409, 'A unit of the property has this name'],
});

export const unitNameTaken = () =>
  new DomainError(propertiesProblems['unit-name-taken'], 'Choose another name, or change the unit that has it.', {
    errors: [{ pointer: '/name', detail: 'is taken in this property' }],
  });
