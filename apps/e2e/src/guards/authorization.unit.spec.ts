import { join } from 'node:path';
import { declaredAuthorization } from '../system/authorization-table';
import { tableIn } from '../system/markdown-table';

describe('who may do what', () => {
  // UPDATE_DOCS=1 npm test -- authorization.unit writes the table anew.
  it('is what docs/authorization.md says', () => {
    const table = declaredAuthorization();
    expect(tableIn(join(__dirname, '../../../../docs/authorization.md'), table)).toBe(table);
  });
});
