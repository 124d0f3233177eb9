import { join } from 'node:path';
import { tableIn } from '../system/markdown-table';
import { asMarkdown, catalogue } from './catalogue';

const path = join(__dirname, '../../../../docs/bad-input.md');

describe('the catalogue of bad input', () => {
  it('names each row once, in order, each with something to try', () => {
    const ids = catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^B\d\d$/);
    for (const row of catalogue) expect([row.id, row.probes.length > 0]).toEqual([row.id, true]);
  });

  it('tells its probes apart inside a row', () => {
    for (const { id, probes } of catalogue) {
      const names = probes.map(({ what }) => what);
      expect([id, names.filter((name, index) => names.indexOf(name) !== index)]).toEqual([id, []]);
    }
  });

  // UPDATE_DOCS=1 npm test -- catalogue.unit writes the table anew.
  it('is what docs/bad-input.md says', () => {
    expect(tableIn(path, asMarkdown(catalogue))).toBe(asMarkdown(catalogue));
  });
});
