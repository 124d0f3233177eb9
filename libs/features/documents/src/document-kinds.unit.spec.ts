import { documentKinds, liveRuleOf, rolesHearing } from '@innkeep/contracts';
import { kindRules } from './document-kinds';

describe('who hears of a document', () => {
  it.each(documentKinds)('is who may read it, of the kind %s', (kind) => {
    for (const type of ['DocumentAdded', 'DocumentRemoved'])
      expect([...rolesHearing(liveRuleOf(type)!, { kind })].sort()).toEqual([...kindRules[kind].readers].sort());
  });
});
