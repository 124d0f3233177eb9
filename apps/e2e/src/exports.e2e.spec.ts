import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@innkeep/testing';
import { parse } from 'csv-parse/sync';
import { type Answer, ApiClient, InnkeepUnderTest, type Member, type Page, newKey, signUp } from './system';

interface Export {
  readonly id: string;
  readonly status: string;
  readonly position: number | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly expiresAt: string | null;
  readonly progress: { readonly tables: number; readonly tablesDone: number; readonly rows: number };
}

interface Manifest {
  readonly organizationId: number;
  readonly position: number;
  readonly files: readonly { name: string; rows: number; bytes: number; sha256: string }[];
  readonly withheld: Record<string, Record<string, string>>;
  readonly leftOut: Record<string, string>;
}

const path = '/v1/organization/exports';
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an export of an organization', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let stranger: Member;
  let propertyId: number;
  let made: Export;
  beforeAll(async () => {
    [owner, stranger] = [await signUp(innkeep.anybody, '=HYPERLINK("x")'), await signUp(innkeep.anybody, 'Strangers')];
    propertyId = (await owner.addProperty({ name: '+Casa, "do" Rio' })).id;
    const theirs = await stranger.addProperty({ name: 'Of the strangers' });
    const { transaction } = await owner.recordApproved('revenue', propertyId, { description: '=1+1' });
    (await owner.post(`/v1/finance/revenues/${transaction.id}/reversal`, { reason: 'entered twice' })).expect(201);
    await stranger.recordApproved('expense', theirs.id, { description: 'Of the strangers' });
  });

  const ready = (id: string, member = owner) =>
    eventually(async () => {
      const seen = (await member.get(`${path}/${id}`)).as<Export>(200);
      if (seen.status !== 'ready') throw new Error(`the export is ${seen.status}`);
      return seen;
    });
  const linkTo = async (id: string, member = owner) =>
    (await member.post(`${path}/${id}/links`)).as<{ url: string; expiresAt: string }>(201);
  const download = (url: string): Promise<Answer> => innkeep.anybody.get(url);

  it('is asked for once, however often its request is sent, and survives a flush of Redis and a worker that is killed', async () => {
    await innkeep.worker.kill();
    const key = newKey();
    const asked = (await owner.post(path, undefined, key)).expect(202);
    const again = (await owner.post(path, undefined, key)).expect(202);
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([asked.text, 'true']);
    const { id, status } = asked.json<Export>();
    expect(status).toBe('waiting');
    // While it is under way it is what others ask for.
    expect((await owner.post(path)).as<Export>(202).id).toBe(id);
    (await owner.post(`${path}/${id}/links`)).expect(409);
    await innkeep.flushRedis();
    await innkeep.worker.start();
    made = await ready(id);
    expect(made.position).toBeGreaterThanOrEqual(asked.position);
    expect(made.progress.tablesDone).toBe(made.progress.tables);
    const hours = (Date.parse(made.expiresAt!) - Date.now()) / 3_600_000;
    expect([hours > 23, hours <= 24]).toEqual([true, true]);
    const { data } = (await owner.get(path)).as<Page<Export>>(200);
    expect(data).toEqual([made]);
  });

  it('holds what is the organization’s, whole, checkable and without secrets', async () => {
    const { url } = await linkTo(made.id);
    const file = (await download(url)).expect(200);
    expect(file.headers.get('content-type')).toBe('application/gzip');
    expect([file.bytes.length, sha256(file.bytes)]).toEqual([made.bytes, made.sha256]);
    const { manifest, read } = await unpacked(file.bytes);
    expect(manifest).toMatchObject({ organizationId: owner.organizationId, position: made.position });
    let all = '';
    for (const { name, rows, bytes, sha256: told } of manifest.files) {
      const content = read(name);
      expect([name, content.length, sha256(content)]).toEqual([name, bytes, told]);
      const text = content.toString();
      all += text;
      const count = name.endsWith('.csv') ? (parse(text) as string[][]).length - 1 : text.split('\n').length - 1;
      expect([name, count]).toEqual([name, rows]);
    }
    expect(all).not.toMatch(/strangers|\$argon2|sealedFor/i);
    const lines = read('finance.transactions.ndjson').toString().trim().split('\n');
    const transactions = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(transactions.map(({ amountCents }) => amountCents).sort()).toEqual([-1_000, 1_000]);
    expect(transactions[0]).toMatchObject({ description: '=1+1', propertyId, status: 'approved' });
    const events = read('events.log.ndjson').toString().trim().split('\n');
    expect(events.map((line) => (JSON.parse(line) as { version: number }).version)).toEqual(
      Array.from({ length: made.position! }, (_, index) => index + 1),
    );
  });

  it('has nothing that a spreadsheet would run', async () => {
    const { read } = await unpacked((await download((await linkTo(made.id)).url)).bytes);
    const cells = (name: string) => parse(read(name), { columns: true }) as Record<string, string>[];
    expect(cells('properties.properties.csv')[0]!.name).toBe(`'+Casa, "do" Rio`);
    expect(cells('identity.organizations.csv')[0]!.name).toBe(`'=HYPERLINK("x")`);
    const [first] = cells('finance.transactions.csv');
    expect([first!.description, Number(first!.amountCents)]).toEqual([`'=1+1`, 1_000]);
  });

  it('is for owners, and no other organization finds it', async () => {
    const manager = await owner.invite('manager');
    for (const answer of [await manager.post(path), await manager.get(path), await manager.get(`${path}/${made.id}`)])
      answer.expect(403);
    (await manager.post(`${path}/${made.id}/links`)).expect(403);
    (await stranger.get(`${path}/${made.id}`)).expect(404);
    (await stranger.post(`${path}/${made.id}/links`)).expect(404);
    expect((await stranger.get(path)).as<Page<Export>>(200).data).toEqual([]);
  });

  it('is downloaded by its link and no other way; each link is in the log, with whoever got it', async () => {
    const links = async () =>
      (
        await innkeep.database.asAdmin<{ actor: string }>(
          `select actor_id::text as actor from events.log where type = 'OrganizationExportLinkIssued' and organization_id = $1`,
          [owner.organizationId],
        )
      ).map(({ actor }) => Number(actor));
    const before = (await links()).length;
    const issued = (await owner.post(`${path}/${made.id}/links`)).expect(201);
    const { url, expiresAt } = issued.json<{ url: string; expiresAt: string }>();
    const policy = issued.headers.get('ratelimit-policy');
    expect(policy).toMatch(/^"signed-url-user";q=\d+;w=60, "signed-url-org";q=\d+;w=60$/);
    expect(await links()).toEqual(Array.from({ length: before + 1 }, () => owner.userId));
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect([minutes > 55, minutes <= 60]).toEqual([true, true]);
    const other = (await stranger.post(path)).as<Export>(202).id;
    await ready(other, stranger);
    const token = new URL(url, innkeep.url).searchParams.get('token')!;
    const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
    for (const wrong of [
      `${path}/${made.id}/file?token=${changed}`,
      `${path}/${other}/file?token=${token}`,
      `${path}/${made.id}/file?token=x`,
    ])
      expect((await download(wrong)).expect(403).problem.code).toBe('export-link-invalid');
    expect((await download(`${path}/${made.id}/file`)).status).toBe(400);
    (await owner.get(`${path}/${made.id}/file?token=${changed}`)).expect(403);
  });

  it('has links that end with the session of whoever got them', async () => {
    const login = await innkeep.anybody.post('/v1/auth/login', { email: owner.email, password: 'a river runs by it' });
    const other = new ApiClient(innkeep.url, login.as<{ accessToken: string }>(200).accessToken);
    const { url } = (await other.post(`${path}/${made.id}/links`)).as<{ url: string }>(201);
    (await download(url)).expect(200);
    (await other.post('/v1/auth/logout')).expect(204);
    expect((await download(url)).expect(403).problem.code).toBe('export-link-invalid');
  });

  it('is removed when its time is over', async () => {
    const { url } = await linkTo(made.id);
    const files = () => readdir(join(innkeep.dataDir, 'files/exports', String(owner.organizationId)));
    expect(await files()).toEqual([`${made.id}.tar.gz`]);
    await innkeep.database.asAdmin(`update exports.exports set due_at = now(), expires_at = now() where id = $1`, [
      made.id,
    ]);
    expect((await download(url)).status).toBe(403);
    await eventually(async () => expect(await files()).toEqual([]));
    expect((await owner.get(`${path}/${made.id}`)).as<Export>(200).status).toBe('removed');
    (await owner.post(`${path}/${made.id}/links`)).expect(409);
  });
});

/** What an archive holds, as tar reads it. */
async function unpacked(bytes: Buffer): Promise<{ manifest: Manifest; read: (name: string) => Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'innkeep-export-'));
  try {
    await writeFile(join(folder, 'export.tar.gz'), bytes);
    await promisify(execFile)('tar', ['-xzf', 'export.tar.gz'], { cwd: folder });
    const names = (await readdir(folder)).filter((name) => name !== 'export.tar.gz');
    const contents = new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    );
    const manifest = JSON.parse(contents.get('manifest.json')!.toString()) as Manifest;
    expect([...manifest.files.map(({ name }) => name), 'manifest.json'].sort()).toEqual(names.sort());
    return { manifest, read: (name) => contents.get(name)! };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
