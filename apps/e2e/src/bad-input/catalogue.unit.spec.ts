import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asMarkdown, catalogue } from './catalogue';

const path = join(__dirname, '../../../../docs/bad-input.md');
const [start, end] = ['<!-- rows -->\n\n', '\n<!-- end of rows -->'];

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
    const page = readFileSync(path, 'utf8');
    const [before, rest] = page.split(start) as [string, string];
    const [written, after] = rest.split(end) as [string, string];
    if (process.env.UPDATE_DOCS) writeFileSync(path, [before, start, asMarkdown(catalogue), end, after].join(''));
    else expect(written).toBe(asMarkdown(catalogue));
  });
});
