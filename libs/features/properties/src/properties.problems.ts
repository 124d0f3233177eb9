import { defineProblems } from '@innkeep/contracts';

export const propertiesProblems = defineProblems({
  'currency-fixed': [409, 'The currency of a property with transactions cannot be changed'],
  'precondition-failed': [412, 'The property has changed since you read it'],
});
