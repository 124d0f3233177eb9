import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SharedInnkeep } from './system';
import { PublishedDocument } from './system/published-document';

const root = join(__dirname, '../../..');
const redocly = join(dirname(createRequire(__filename).resolve('@redocly/cli/package.json')), 'bin/cli.js');

/** It asks nobody else: neither for its own newest version, nor to tell how it is used. */
const offline = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  REDOCLY_SUPPRESS_NOTIFICATIONS: 'true',
};

interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly pointer?: string }[];
}

function lint(file: string): Promise<string[]> {
  const args = [redocly, 'lint', file, '--format=json', '--config', join(root, 'redocly.yaml')];
  const env = { PATH: process.env.PATH, ...offline };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        const { problems } = JSON.parse(stdout) as { problems: Finding[] };
        resolve(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`));
      } catch {
        reject(new Error(`${String(error)}\n${stdout}\n${stderr}`));
      }
    });
  });
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly example?: unknown }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { summary?: string; requestBody?: Body; responses: Record<string, Body & { $ref?: string }> }>
  >;
}

describe('the document of the API', () => {
  const innkeep = new SharedInnkeep();
  let text: string;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'innkeep-openapi-'));
    text = (await innkeep.anybody.get('/openapi.json')).expect(200).text;
  });
  afterAll(() => rm(directory, { recursive: true }));

  const linted = async (document: unknown) => {
    const file = join(directory, 'openapi.json');
    await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
    return lint(file);
  };
  const operations = ({ paths }: Document) =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
    );

  it('is OpenAPI 3.1 without a finding', async () => {
    expect((JSON.parse(text) as Document).openapi).toMatch(/^3\.1\./);
    expect(await linted(text)).toEqual([]);
  });

  it('would be found out if an example did not fit', async () => {
    const broken = JSON.parse(text) as Document;
    const me = broken.paths['/v1/auth/me']!.get!.responses['200']!.content!['application/json'] as { example: unknown };
    me.example = { ...(me.example as object), role: 'king' };
    expect((await linted(broken)).join()).toContain('no-invalid-media-type-examples');
  });

  it('has an example of every body, and says with what every route succeeds', () => {
    for (const { name, summary, requestBody, responses } of operations(JSON.parse(text) as Document)) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/./)]);
      const successes = Object.entries(responses).filter(([status]) => status < '300');
      for (const [status, { content }] of successes) expect([name, !content]).toEqual([name, status === '204']);
      const bodies = [requestBody, ...successes.map(([, body]) => body)].flatMap((body) =>
        Object.values(body?.content ?? {}),
      );
      for (const { example } of bodies) expect([name, example]).toEqual([name, expect.anything()]);
    }
  });

  it('says what may go wrong, and who may ask', () => {
    for (const { name, responses } of operations(JSON.parse(text) as Document)) {
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['400', '429', '503', 'default'])]);
    }
  });

  it('tells answers that are outside of it', () => {
    const document = new PublishedDocument(text);
    const problems = (path: string, body: unknown, status = 200) =>
      document.problemsOf({ method: 'GET', path, status, mediaType: 'application/json', body: () => body });
    const member = { id: 1, name: null, addedAt: '2026-03-14T09:26:53.589Z', erasedAt: null };
    const page = { data: [member], nextCursor: null, position: 1, asOf: '2026-03-14T09:26:53.589Z' };
    expect(problems('/v1/members', page)).toEqual([]);
    expect(problems('/v1/members', { ...page, more: 1 })).not.toEqual([]);
    expect(problems('/v1/members', { ...page, data: [{ ...member, secret: 1 }] })).not.toEqual([]);
    expect(problems('/v1/members', { ...page, data: [{ ...member, addedAt: 'soon' }] })).not.toEqual([]);
    expect(problems('/v1/members', { ...page, data: [{ id: 1 }] })).not.toEqual([]);
    expect(problems('/v1/members?fields=id', { ...page, data: [{ id: 1 }] })).toEqual([]);
    expect(problems('/v1/members', page, 206)).not.toEqual([]);
  });
});
