import { defineProblems } from '@innkeep/contracts';

export const operationsProblems = defineProblems({
  'invalid-operator-credentials': [401, 'No operator signs in with this address and password'],
  'cache-tag-unknown': [422, 'A cache tag names nothing of yours'],
});
