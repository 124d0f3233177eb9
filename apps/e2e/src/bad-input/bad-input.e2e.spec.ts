import { catalogue } from './catalogue';
import { Place } from './place';
import { Results } from './results';
import { type Row, tryProbe } from './row';

const failures = (lines: readonly string[]) =>
  lines.filter((line) => /"level":"(error|fatal)"|"status":5\d\d/.test(line));

describe('the catalogue of bad input', () => {
  const place = new Place();
  const results = new Results();
  beforeAll(() => place.prepare());

  const tryRow = (row: Row) => {
    const { environment, probes } = row;
    if (environment) beforeAll(() => place.restart(environment));
    it.each(probes.map((probe) => [probe.what, probe] as const))('%s', (_what, probe) =>
      results.note(row, () => tryProbe(probe, place)),
    );
    it('leaves no failure behind in the log', () => expect(failures(place.innkeep.api.lines)).toEqual([]));
  };
  // Those that need the API to be set otherwise come last, so that nobody needs it as it was before.
  const rows = [...catalogue].sort((one, other) => Number(!!one.environment) - Number(!!other.environment));
  for (const row of rows) describe(`${row.id} ${row.what}`, () => tryRow(row));

  it('leaves the prototypes of objects, lists, functions and text as they were', async () => {
    await place.stop();
    expect(place.prototypes).toHaveLength(1 + catalogue.filter(({ environment }) => environment).length);
    for (const { before, after } of place.prototypes) {
      expect(before.Object).toContain('hasOwnProperty');
      expect(after).toEqual(before);
    }
  });

  afterAll(() => {
    process.stderr.write(`\nThe catalogue of bad input\n\n${results.table(catalogue)}\n\n`);
  });
});
