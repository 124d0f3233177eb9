/* eslint max-lines: off -- one started system for all that happens to a document */
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { eventually } from '@innkeep/testing';
import sharp from 'sharp';
import {
  type ApiClient,
  InnkeepUnderTest,
  type Member,
  type Page,
  type Property,
  type Transaction,
  newKey,
  signInAgain,
  signUp,
} from './system';

interface Document {
  readonly id: string;
  readonly status: string;
  readonly preview: string;
  readonly sha256: string;
  readonly name: string;
  readonly retainUntil: string | null;
  readonly assetUrl: string | null;
  readonly width: number | null;
}

interface Upload {
  readonly document: Document;
  readonly upload: { readonly url: string; readonly headers: Record<string, string>; readonly expiresAt: string };
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const pdf = (text: string) => Buffer.from(`%PDF-1.7\n% ${text}\n%%EOF\n`);
const image = (width = 64, height = 32) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })
    .withExif({ IFD0: { Artist: 'the camera of a guest' } })
    .jpeg()
    .toBuffer();

/** An image of a few bytes that claims to be so many points. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const lines = deflateSync(Buffer.alloc(1_000_000));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', lines), chunk('IEND', Buffer.alloc(0))]);
}

describe('documents', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let stranger: Member;
  let property: Property;
  let expense: string;
  beforeAll(async () => {
    [owner, stranger] = [await signUp(innkeep.anybody), await signUp(innkeep.anybody, 'Strangers')];
    property = await owner.addProperty();
    expense = (await owner.record('expense', property.id)).as<Transaction>(201).id;
  });

  const announce = (content: Buffer, more: object = {}) => ({
    ...{ kind: 'receipt', subject: `transaction:${expense}`, name: 'Receipt nº 7.pdf', mediaType: 'application/pdf' },
    ...{ bytes: content.length, sha256: sha256(content), ...more },
  });
  const start = async (content: Buffer, more: object = {}, member: ApiClient = owner) =>
    (await member.post('/v1/uploads/file', announce(content, more))).as<Upload>(201);
  const put = ({ upload }: Upload, content: Buffer, headers: Record<string, string> = {}) =>
    innkeep.anybody.send('PUT', upload.url, { raw: content, headers: { ...upload.headers, ...headers } });
  const complete = (id: string, member: ApiClient = owner) => member.post(`/v1/uploads/${id}/complete`);
  const add = async (content: Buffer, more: object = {}, member: ApiClient = owner) => {
    const started = await start(content, more, member);
    (await put(started, content)).expect(204);
    return (await complete(started.document.id, member)).as<Document>(200);
  };
  const linkTo = async (id: string, body: object = { purpose: 'view' }, member: ApiClient = owner) =>
    (await member.post(`/v1/documents/${id}/links`, body)).as<{ url: string; expiresAt: string }>(201);
  const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
    innkeep.anybody.send(method, url, { headers });
  const filesOf = async (organizationId: number): Promise<string[]> => {
    const all = await readdir(join(innkeep.dataDir, 'files'), { recursive: true, withFileTypes: true });
    const names = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return names.filter((name) => name.includes(`/org/${organizationId}/`));
  };
  const drawn = (id: string, preview = 'ready') =>
    eventually(async () => {
      const seen = (await owner.get(`/v1/documents/${id}`)).as<Document>(200);
      if (seen.preview !== preview) throw new Error(`the preview is ${seen.preview}`);
      return seen;
    });

  describe('on their way in', () => {
    it('are announced once, put, looked at and kept, and every one of these may be repeated', async () => {
      const content = pdf('towels');
      const key = newKey();
      const first = (await owner.post('/uploads/file', announce(content), key)).expect(201);
      const again = (await owner.post('/v1/uploads/file', announce(content), key)).status;
      // The path is part of the request that a key stands for, and both paths are one.
      expect([again, first.headers.get('deprecation')]).toEqual([201, expect.any(String)]);
      const replayed = (await owner.post('/v1/uploads/file', announce(content), key)).expect(201);
      expect([replayed.text, replayed.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
      const started = first.json<Upload>();
      const { id } = started.document;
      expect((await complete(id)).expect(409).problem.code).toBe('upload-incomplete');
      for (let time = 0; time < 2; time++) (await put(started, content)).expect(204);
      const done = (await complete(id)).as<Document>(200);
      expect(done).toMatchObject({ id, status: 'complete', preview: 'none', sha256: sha256(content), assetUrl: null });
      const years = new Date(done.retainUntil!).getUTCFullYear() - new Date().getUTCFullYear();
      expect(years).toBe(7);
      expect((await complete(id)).as<Document>(200)).toEqual(done);
      expect((await owner.get(`/v1/documents/${id}`)).as<Document>(200)).toEqual(done);
      const listed = (await owner.get(`/v1/documents?subject=transaction:${expense}`)).as<Page<Document>>(200);
      expect(listed.data).toEqual([done]);
      expect((await put(started, content)).expect(409).problem.code).toBe('upload-closed');
      const kept = await innkeep.database.asAdmin(
        `select from http.idempotency_records where convert_to(body::text, 'utf8')::text like '%token=%'`,
      );
      expect(kept).toEqual([]);
    });

    it('need a key, an owner that is theirs to see, and a kind that fits', async () => {
      const content = pdf('of nobody');
      const refused = async (more: object, status: number, code: string, member: ApiClient = owner) => {
        const answer = await member.post('/v1/uploads/file', announce(content, more));
        expect([more, answer.status, answer.problem.code]).toEqual([more, status, code]);
      };
      expect((await owner.post('/v1/uploads/file', announce(content), {})).expect(400).problem.code).toBe(
        'idempotency-key-required',
      );
      const elsewhere = await owner.invite('manager', [(await owner.addProperty({ name: 'The annex' })).id]);
      await refused({}, 422, 'document-owner-unknown', stranger);
      await refused({}, 422, 'document-owner-unknown', elsewhere);
      for (const subject of ['transaction:nothing', `guest:${expense}`, 'organization', 'spaceship:7'])
        await refused({ subject }, 422, 'document-owner-unknown');
      await refused({ kind: 'logo', subject: 'organization' }, 422, 'document-not-taken');
      await refused(
        { kind: 'logo', subject: 'organization', mediaType: 'image/png', bytes: 3_000_000 },
        422,
        'document-not-taken',
      );
      await refused({}, 403, 'forbidden', await owner.invite('auditor'));
      for (const wrong of [
        ...['../../etc/passwd', '..\\windows\\win.ini', '/absolute', '..', 'a\u202efdp.exe'].map((name) => ({ name })),
        ...[0, -1, 1.5, 33 * 1024 * 1024, '9'].map((bytes) => ({ bytes })),
        ...['text/html', 'image/svg+xml', 'application/javascript', 'application/pdf; a=b'].map((mediaType) => ({
          mediaType,
        })),
        ...['transaction:../x', 'transaction:', 'organization:7', 'a b:c'].map((subject) => ({ subject })),
        ...['x', sha256(content).toUpperCase()].map((hash) => ({ sha256: hash })),
      ])
        await refused(wrong, 400, 'invalid-request');
    });

    it('are taken from their link alone, as they were said to be', async () => {
      const content = pdf('soap');
      const [started, other] = [await start(content), await start(content, {}, owner)];
      const { url } = started.upload;
      const altered = url.slice(0, -3) + (url.endsWith('AAA') ? 'BBB' : 'AAA');
      const statuses = [
        await put({ ...started, upload: { ...started.upload, url: altered } }, content),
        await put(
          { ...started, upload: { ...started.upload, url: url.replace(started.document.id, other.document.id) } },
          content,
        ),
        await put({ ...started, upload: { ...started.upload, url: url.replace(/token=.*/, 'token=x') } }, content),
        await put(started, content, { 'content-type': 'image/png' }),
        await put(started, content, { 'content-type': 'text/html' }),
        await put(started, content, { 'content-type': 'application/json' }),
        await put(started, content, { 'content-encoding': 'gzip' }),
        await put(started, Buffer.concat([content, Buffer.from('x')])).catch(() => ({ status: 'refused' })),
      ].map(({ status }) => status);
      expect(statuses).toEqual([403, 403, 403, 415, 415, 400, 415, expect.anything()]);
      expect((await complete(started.document.id)).expect(409).problem.code).toBe('upload-incomplete');
      (await complete(started.document.id, stranger)).expect(404);
      (await complete(started.document.id, await owner.invite('manager'))).expect(404);
      await innkeep.database.asAdmin(`update documents.documents set due_at = now() where id = $1`, [
        started.document.id,
      ]);
      await eventually(async () => expect((await complete(started.document.id)).problem.code).toBe('upload-closed'));
      expect((await put(started, content)).expect(409).problem.code).toBe('upload-closed');
    });

    it('are deleted, and it is said why, if they are not what was said', async () => {
      const html = Buffer.from('<html><script>alert(1)</script></html>');
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
      const photo = await image();
      const eicar = Buffer.from('X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*');
      const lies: [string, Buffer, object][] = [
        ['mediaType', html, {}],
        ['mediaType', svg, { mediaType: 'image/png' }],
        ['mediaType', photo, { mediaType: 'image/png' }],
        ['mediaType', eicar, {}],
        ['mediaType', Buffer.concat([Buffer.from('\n\n<!--'), pdf('late')]), { mediaType: 'image/jpeg' }],
        ['sha256', pdf('one thing'), { sha256: sha256(pdf('other thing')) }],
      ];
      for (const [what, content, more] of lies) {
        const started = await start(content, more);
        (await put(started, content)).expect(204);
        for (let time = 0; time < 2; time++) {
          const { code, errors } = (await complete(started.document.id)).expect(422).problem;
          expect([code, errors?.[0]?.pointer]).toEqual(['upload-refused', `/${what}`]);
        }
        (await owner.post(`/v1/documents/${started.document.id}/links`, { purpose: 'view' })).expect(404);
        await eventually(async () =>
          expect((await filesOf(owner.organizationId)).filter((name) => name.includes(started.document.id))).toEqual(
            [],
          ),
        );
      }
    });
  });

  describe('on their way out', () => {
    let receipt: Document;
    const content = pdf(randomBytes(3_000).toString('hex'));
    beforeAll(async () => (receipt = await add(content)));

    it('come whole, in part, or as a head, and say nothing that a browser could run', async () => {
      const { url, expiresAt } = await linkTo(receipt.id, { purpose: 'accounting', disposition: 'inline' });
      const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
      expect([hours > 3.9, hours <= 4]).toEqual([true, true]);
      const whole = (await get(url)).expect(200);
      expect(whole.bytes.equals(content)).toBe(true);
      const headers = [
        'content-type',
        'content-disposition',
        'content-security-policy',
        'x-content-type-options',
        'cache-control',
      ];
      expect(headers.map((name) => whole.headers.get(name))).toEqual([
        'application/pdf',
        `inline; filename="Receipt no 7.pdf"; filename*=UTF-8''Receipt%20n%C2%BA%207.pdf`,
        "default-src 'none'; sandbox; frame-ancestors 'none'",
        'nosniff',
        'private, no-store',
      ]);
      const part = (await get(url, { range: 'bytes=10-19' })).expect(206);
      expect([part.text, part.headers.get('content-range')]).toEqual([
        content.subarray(10, 20).toString(),
        `bytes 10-19/${content.length}`,
      ]);
      expect((await get(url, { range: 'bytes=-5' })).expect(206).text).toBe(content.subarray(-5).toString());
      expect((await get(url, { range: `bytes=${content.length}-` })).expect(416).problem.code).toBe(
        'range-not-satisfiable',
      );
      for (const range of [`bytes=${'0-1,'.repeat(500)}5-6`, 'bytes=5-1', 'lines=1-2'])
        expect((await get(url, { range })).expect(200).bytes.length).toBe(content.length);
      expect((await get(url, { range: 'bytes=0-9', 'if-range': whole.etag })).status).toBe(206);
      expect((await get(url, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
      (await get(url, { 'if-none-match': whole.etag })).expect(304);
      const head = (await get(url, {}, 'HEAD')).expect(200);
      expect([head.headers.get('content-length'), head.bytes.length]).toEqual([String(content.length), 0]);
    });

    it('have links that are in the log, and that nobody can alter', async () => {
      const { url } = await linkTo(receipt.id, { purpose: 'audit', minutes: 360 });
      const token = new URL(url, innkeep.url).searchParams.get('token')!;
      const other = await add(pdf('another'));
      const [head, payload, mac] = token.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const forged = Buffer.from(JSON.stringify({ ...claims, org: stranger.organizationId })).toString('base64url');
      for (const wrong of [
        `${head}.${forged}.${mac}`,
        token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA'),
        'x',
        `${token}=`,
      ])
        expect((await get(`/v1/documents/${receipt.id}/content?token=${wrong}`)).expect(403).problem.code).toBe(
          'document-link-invalid',
        );
      expect((await get(`/v1/documents/${other.id}/content?token=${token}`)).status).toBe(403);
      expect((await get(`/v1/documents/${receipt.id}/content`)).status).toBe(400);
      const rows = await innkeep.database.asAdmin<{ actor: string; purpose: string }>(
        `select actor_id::text as actor, data->>'purpose' as purpose from events.log where type = 'DocumentLinkIssued' and entity_id = $1 order by version`,
        [receipt.id],
      );
      expect(rows).toEqual(['accounting', 'audit'].map((purpose) => ({ actor: String(owner.userId), purpose })));
      const counted = await owner.post(`/v1/documents/${receipt.id}/links`, { purpose: 'view' });
      expect(counted.headers.get('ratelimit-policy')).toMatch(
        /^"signed-url-user";q=\d+;w=60, "signed-url-org";q=\d+;w=60$/,
      );
    });

    it('are no longer reached by a link whose session or rights have ended', async () => {
      const session = await signInAgain(innkeep.anybody, owner);
      const { url } = await linkTo(receipt.id, { purpose: 'view' }, session);
      (await get(url)).expect(200);
      (await session.post('/v1/auth/logout')).expect(204);
      expect((await get(url)).expect(403).problem.code).toBe('document-link-invalid');
      const auditor = await owner.invite('auditor');
      const granted = await linkTo(receipt.id, { purpose: 'audit' }, auditor);
      (await get(granted.url)).expect(200);
      (await owner.patch(`/v1/users/${auditor.userId}`, { propertyIds: [property.id] })).expect(200);
      expect((await get(granted.url)).status).toBe(403);
    });

    it('are for those who may see what they belong to, and absent for everybody else', async () => {
      const elsewhere = await owner.invite('manager', [(await owner.addProperty({ name: 'The mill' })).id]);
      for (const member of [stranger, elsewhere]) {
        (await member.get(`/v1/documents/${receipt.id}`)).expect(404);
        (await member.post(`/v1/documents/${receipt.id}/links`, { purpose: 'view' })).expect(404);
        (await member.delete(`/v1/documents/${receipt.id}`)).expect(404);
        expect((await member.get('/v1/documents')).as<Page<Document>>(200).data).toEqual([]);
      }
      const staff = await owner.invite('staff');
      (await staff.delete(`/v1/documents/${receipt.id}`)).expect(403);
      const paper = await add(pdf('contract'), { kind: 'other', subject: 'organization' });
      (await staff.get(`/v1/documents/${paper.id}`)).expect(404);
      expect((await staff.get('/v1/documents?kind=other')).as<Page<Document>>(200).data).toEqual([]);
    });

    it('are deleted with their files, but for receipts of what stands in the books', async () => {
      const { transaction } = await owner.recordApproved('expense', property.id);
      const kept = await add(pdf('in the books'), { subject: `transaction:${transaction.id}` });
      expect((await owner.delete(`/v1/documents/${kept.id}`)).expect(409).problem.code).toBe('document-kept');
      const { url } = await linkTo(receipt.id);
      (await owner.delete(`/v1/documents/${receipt.id}`)).expect(204);
      for (const answer of [
        await owner.get(`/v1/documents/${receipt.id}`),
        await owner.delete(`/v1/documents/${receipt.id}`),
      ])
        answer.expect(404);
      expect((await get(url)).status).toBe(403);
      await eventually(async () =>
        expect((await filesOf(owner.organizationId)).filter((name) => name.includes(receipt.id))).toEqual([]),
      );
      const [row] = await innkeep.database.asAdmin(
        `select name, sha256, file, status from documents.documents where id = $1`,
        [receipt.id],
      );
      expect(row).toEqual({ name: '', sha256: '', file: null, status: 'removed' });
    });
  });

  describe('that are images', () => {
    it('are drawn small, and shown to everybody only where their kind says so', async () => {
      const photo = await image(1_000, 500);
      const receipt = await add(photo, { mediaType: 'image/jpeg', name: 'till.jpg' });
      const seen = await drawn(receipt.id);
      expect([seen.assetUrl, seen.width]).toEqual([null, 1_000]);
      const { url } = await linkTo(receipt.id, { purpose: 'view', variant: 'preview', disposition: 'inline' });
      const preview = (await get(url)).expect(200);
      expect(await sharp(preview.bytes).metadata()).toMatchObject({ format: 'webp', width: 480, height: 240 });
      expect((await sharp(preview.bytes).metadata()).exif).toBeUndefined();
    });

    it('are public under the hash of their content, for good, until they are deleted', async () => {
      // An image and a page of script in one: what is shown is drawn anew.
      const polyglot = Buffer.concat([await image(300, 200), Buffer.from('<script>alert(1)</script>')]);
      const logo = await add(polyglot, {
        kind: 'logo',
        subject: 'organization',
        mediaType: 'image/jpeg',
        name: 'logo.jpg',
      });
      const { assetUrl } = await drawn(logo.id);
      expect(assetUrl).toMatch(/^\/assets\/[\da-f]{32}\/logo\.webp$/);
      const shown = (await get(assetUrl!)).expect(200);
      expect(
        ['cache-control', 'content-type', 'cross-origin-resource-policy'].map((name) => shown.headers.get(name)),
      ).toEqual(['public, max-age=2592000, immutable', 'image/webp', 'cross-origin']);
      expect(shown.bytes.includes('script')).toBe(false);
      expect(shown.bytes.includes('camera')).toBe(false);
      expect(await sharp(shown.bytes).metadata()).toMatchObject({ width: 300, height: 200 });
      (await get(assetUrl!, { 'if-none-match': shown.etag })).expect(304);
      expect((await get(assetUrl!, { range: 'bytes=0-3' })).expect(206).text).toBe('RIFF');
      expect((await get(assetUrl!, {}, 'HEAD')).expect(200).headers.get('content-length')).toBe(
        String(shown.bytes.length),
      );
      const hash = assetUrl!.split('/')[2]!;
      for (const wrong of [
        `/assets/${'0'.repeat(32)}/logo.webp`,
        `/assets/${hash}/..%2f..%2fsecret.webp`,
        `/assets/${hash}/page.html`,
        `/assets/../v1/x.webp`,
      ])
        (await get(wrong)).expect(404);
      (await owner.delete(`/v1/documents/${logo.id}`)).expect(204);
      (await get(assetUrl!)).expect(404);
      await eventually(async () => {
        const asked = await innkeep.database.asAdmin<{ tags: number }>(
          `select count(*)::int as tags from events.log where type = 'DocumentRemoved' and data->>'assetHash' = $1`,
          [hash],
        );
        expect(asked).toEqual([{ tags: 1 }]);
        expect((await filesOf(owner.organizationId)).filter((name) => name.includes(hash))).toEqual([]);
      });
    });

    it('of a task are public, and of its property', async () => {
      const body = { propertyId: property.id, title: 'The lamp' };
      const task = (await owner.post('/v1/tasks', body)).as<{ id: string }>(201).id;
      const kind = { kind: 'task-image', subject: `task:${task}`, mediaType: 'image/jpeg', name: 'lamp.jpg' };
      const staff = await owner.invite('staff', [property.id]);
      const { id } = await add(await image(), kind, staff);
      expect((await get((await drawn(id)).assetUrl!)).status).toBe(200);
      (await stranger.post('/v1/uploads/file', announce(await image(), kind))).expect(422);
    });

    it('are not drawn if they claim to be larger than anything should be', async () => {
      const bomb = pngOf(60_000, 60_000);
      const broken = (await image(400, 400)).subarray(0, 900);
      for (const [content, mediaType] of [
        [bomb, 'image/png'],
        [broken, 'image/jpeg'],
      ] as const) {
        const { id } = await add(content, { mediaType });
        await drawn(id, 'failed');
      }
    });
  });
});
