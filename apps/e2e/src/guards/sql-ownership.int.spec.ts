import { features } from '@innkeep/assembly';
import { featureSources } from './sources';

const names = features.map(({ name }) => name);
/** Where a feature's SQL may stand. */
const sqlFile = /\.(store|query|projection|sql|migrations)\.ts$/;
const statement = /^\s*(select|insert into|update|delete from|with|create|alter|truncate|refresh)\s/;

/** The relations of other features that a text names. */
function foreignRelations(text: string, own: string): string[] {
  const others = names.filter((name) => name !== own).join('|');
  return [...text.matchAll(new RegExp(`(?<![\\w.'])(?:${others})\\.[a-z_]+`, 'gi'))].map(([relation]) => relation);
}

describe('the SQL of the features', () => {
  const sources = featureSources();
  const withSql = sources.filter(({ path }) => sqlFile.test(path));

  it('names no other feature’s schema', () => {
    expect(withSql.length).toBeGreaterThan(15);
    const strangers = withSql.flatMap(({ path, feature, literals }) =>
      literals().flatMap((text) => foreignRelations(text, feature).map((relation) => `${path}: ${relation}`)),
    );
    expect(strangers).toEqual([]);
  });

  it('is seen when it does', () => {
    const [own, other] = names as [string, string];
    expect(foreignRelations(`select from ${other}.things`, own)).toEqual([`${other}.things`]);
    expect(
      foreignRelations(`insert into ${own}.things select from app, ${other.toUpperCase()}.things`, own),
    ).toHaveLength(1);
    expect(foreignRelations(`select things.${other}_id from ${own}.things`, own)).toEqual([]);
  });

  it('stands in stores, queries, projections and migrations, and nowhere else', () => {
    const elsewhere = sources
      .filter(({ path }) => !sqlFile.test(path))
      .flatMap(({ path, literals }) =>
        literals()
          .filter((text) => statement.test(text))
          .map((text) => `${path}: ${text.slice(0, 60)}`),
      );
    expect(elsewhere).toEqual([]);
  });

  it('writes a projection’s table in that projection alone', () => {
    const tables = features.flatMap(({ projections = [] }) => projections.map(({ table }) => table));
    const writes = withSql
      .filter(({ path }) => !/\.(projection|migrations)\.ts$/.test(path))
      .flatMap(({ path, literals }) =>
        literals().flatMap((text) =>
          tables
            .filter((table) => new RegExp(`(insert into|update|delete from) ${table}\\b`).test(text))
            .map((table) => `${path}: ${table}`),
        ),
      );
    expect(writes).toEqual([]);
  });
});
