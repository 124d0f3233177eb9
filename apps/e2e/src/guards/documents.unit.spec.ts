import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { ProblemType } from '@innkeep/contracts';

const root = resolve(__dirname, '../../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Files below a folder whose names end so, as paths from the root. */
const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();

const sources = ['apps', 'libs']
  .flatMap((folder) => filesBelow(folder, '.ts'))
  .filter((path) => !/\.spec\.ts$/.test(path));
const documents = ['README.md', ...filesBelow('docs', '.md')];

describe('problem pages', () => {
  const isProblem = (value: unknown): value is ProblemType =>
    typeof value === 'object' && value !== null && ['name', 'status', 'title'].every((key) => key in value);

  /** All problem types by name; a name may be declared by several features. */
  async function declaredProblems(): Promise<Map<string, ProblemType[]>> {
    const byName = new Map<string, ProblemType[]>();
    for (const path of sources.filter((source) => /= defineProblems\(/.test(read(source)))) {
      const tables = Object.values((await import(join(root, path))) as Record<string, unknown>);
      for (const problem of tables.flatMap((table) => Object.values(Object(table) as object)).filter(isProblem)) {
        byName.set(problem.name, [...(byName.get(problem.name) ?? []), problem]);
      }
    }
    return byName;
  }

  const pages = filesBelow('docs/problems', '.md').map((path) => path.replace(/^.*[\\/]|\.md$/g, ''));

  it('exist for every problem type, and for nothing else', async () => {
    const names = [...(await declaredProblems()).keys()];
    expect(names).toContain('not-found');
    expect(pages).toEqual(names.sort());
  });

  it('show an example that is what the API sends', async () => {
    const declared = await declaredProblems();
    for (const name of pages.filter((page) => declared.has(page))) {
      const page = read(`docs/problems/${name}.md`);
      const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? 'null') as Record<string, unknown> | null;
      const meant = declared.get(name)!.find(({ title }) => title === example?.title);
      expect({ name, example }).toEqual({
        name,
        example: expect.objectContaining({ type: `/problems/${name}`, code: name, status: meant?.status }),
      });
      expect(page).toMatch(new RegExp(`^# ${meant!.title}\n\n\`${name}\` · status ${meant!.status}\n`));
    }
  });

  it('mean one thing: a name that several features declare has one status', async () => {
    const torn = [...(await declaredProblems()).values()].filter(
      (types) => new Set(types.map((t) => t.status)).size > 1,
    );
    expect(torn).toEqual([]);
  });
});

describe('links', () => {
  /** Text without code, where brackets are no links. */
  const prose = (text: string) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

  /** The anchors that GitHub gives to the headings of a document. */
  const anchors = (path: string) =>
    [
      ...read(path)
        .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
        .matchAll(/^#+ (.+)$/gm),
    ].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    );

  const linksOf = (document: string): string[] =>
    [...prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

  const isBroken = (document: string, target: string): boolean => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#', 2);
    const file = path === '' ? document : join(dirname(document), path);
    if (relative(root, join(root, file)).startsWith('..') || !existsSync(join(root, file))) return true;
    return anchor !== undefined && !anchors(file).includes(anchor);
  };

  it('lead to files and headings that are there', () => {
    const broken = documents.flatMap((document) =>
      linksOf(document)
        .filter((target) => isBroken(document, target))
        .map((target) => `${document}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('docs/operations/running.md', () => {
  /** The variables that a source declares: the members of its `z.object`s that are written like variables, and those of `env`. */
  const variablesOf = (text: string): string[] =>
    [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+):|\benv\.([A-Z][A-Z0-9_]+)\b/gm)].map(
      ([, member, property]) => (member ?? property)!,
    );

  const schemas = sources.filter((path) => /export const \w*[eE]nvironment = z\.object\(/.test(read(path)));

  it('names every variable that the processes and npm start read', () => {
    const names = new Set([...schemas, 'tools/start/settings.mjs'].flatMap((path) => variablesOf(read(path))));
    for (const known of ['DATABASE_URL', 'PORT', 'PROJECTOR_PORT', 'WORKER_PORT', 'RATE_LIMIT_ADDRESS', 'DATA_DIR'])
      expect(names).toContain(known);
    const page = read('docs/operations/running.md');
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
