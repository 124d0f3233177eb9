import { randomBytes } from 'node:crypto';
import { eventually } from '@innkeep/testing';
import { InnkeepUnderTest, type ApiClient, type Page, newKey, signInAgain } from './system';
import { image, imagesOfDocuments } from './system/document-images';
import { type Document, FileDesk, type Upload } from './system/file-desk';
import { pdf, sha256 } from './system/files';
import { papersOfGuests } from './system/papers-of-guests';

describe('documents', () => {
  const innkeep = new InnkeepUnderTest();
  const desk = new FileDesk(innkeep);
  beforeAll(() => desk.open());

  describe('on their way in', () => {
    it('are announced once, put, looked at and kept, and every one of these may be repeated', async () => {
      const content = pdf('towels');
      const key = newKey();
      const first = (await desk.owner.post('/uploads/file', desk.announce(content), key)).expect(201);
      const again = (await desk.owner.post('/v1/uploads/file', desk.announce(content), key)).status;
      // The path is part of the request that a key stands for, and both paths are one.
      expect([again, first.headers.get('deprecation')]).toEqual([201, expect.any(String)]);
      const replayed = (await desk.owner.post('/v1/uploads/file', desk.announce(content), key)).expect(201);
      expect([replayed.text, replayed.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
      const started = first.json<Upload>();
      const { id } = started.document;
      expect((await desk.complete(id)).expect(409).problem.code).toBe('upload-incomplete');
      for (let time = 0; time < 2; time++) (await desk.put(started, content)).expect(204);
      const done = (await desk.complete(id)).as<Document>(200);
      expect(done).toMatchObject({ id, status: 'complete', preview: 'none', sha256: sha256(content), assetUrl: null });
      const years = new Date(done.retainUntil!).getUTCFullYear() - new Date().getUTCFullYear();
      expect(years).toBe(7);
      expect((await desk.complete(id)).as<Document>(200)).toEqual(done);
      expect((await desk.owner.get(`/v1/documents/${id}`)).as<Document>(200)).toEqual(done);
      const listed = (await desk.owner.get(`/v1/documents?subject=transaction:${desk.expense}`)).as<Page<Document>>(
        200,
      );
      expect(listed.data).toEqual([done]);
      expect((await desk.put(started, content)).expect(409).problem.code).toBe('upload-closed');
      const kept = await innkeep.database.asAdmin(
        `select from http.idempotency_records where convert_to(body::text, 'utf8')::text like '%token=%'`,
      );
      expect(kept).toEqual([]);
    });

    it('need a key, an owner that is theirs to see, and a kind that fits', async () => {
      const content = pdf('of nobody');
      const refused = async (more: object, status: number, code: string, member: ApiClient = desk.owner) => {
        const answer = await member.post('/v1/uploads/file', desk.announce(content, more));
        expect([more, answer.status, answer.problem.code]).toEqual([more, status, code]);
      };
      expect((await desk.owner.post('/v1/uploads/file', desk.announce(content), {})).expect(400).problem.code).toBe(
        'idempotency-key-required',
      );
      const elsewhere = await desk.owner.invite('manager', [(await desk.owner.addProperty({ name: 'The annex' })).id]);
      await refused({}, 422, 'document-owner-unknown', desk.stranger);
      await refused({}, 422, 'document-owner-unknown', elsewhere);
      for (const subject of ['transaction:nothing', `guest:${desk.expense}`, 'organization', 'spaceship:7'])
        await refused({ subject }, 422, 'document-owner-unknown');
      await refused({ kind: 'logo', subject: 'organization' }, 422, 'document-not-taken');
      await refused(
        { kind: 'logo', subject: 'organization', mediaType: 'image/png', bytes: 3_000_000 },
        422,
        'document-not-taken',
      );
      await refused({}, 403, 'forbidden', await desk.owner.invite('auditor'));
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
      const [started, other] = [await desk.start(content), await desk.start(content, {}, desk.owner)];
      const { url } = started.upload;
      const altered = url.slice(0, -3) + (url.endsWith('AAA') ? 'BBB' : 'AAA');
      const statuses = [
        await desk.put({ ...started, upload: { ...started.upload, url: altered } }, content),
        await desk.put(
          { ...started, upload: { ...started.upload, url: url.replace(started.document.id, other.document.id) } },
          content,
        ),
        await desk.put({ ...started, upload: { ...started.upload, url: url.replace(/token=.*/, 'token=x') } }, content),
        await desk.put(started, content, { 'content-type': 'image/png' }),
        await desk.put(started, content, { 'content-type': 'text/html' }),
        await desk.put(started, content, { 'content-type': 'application/json' }),
        await desk.put(started, content, { 'content-encoding': 'gzip' }),
        await desk.put(started, Buffer.concat([content, Buffer.from('x')])).catch(() => ({ status: 'refused' })),
      ].map(({ status }) => status);
      expect(statuses).toEqual([403, 403, 403, 415, 415, 400, 415, expect.anything()]);
      expect((await desk.complete(started.document.id)).expect(409).problem.code).toBe('upload-incomplete');
      (await desk.complete(started.document.id, desk.stranger)).expect(404);
      (await desk.complete(started.document.id, await desk.owner.invite('manager'))).expect(404);
      await innkeep.database.asAdmin(`update documents.documents set due_at = now() where id = $1`, [
        started.document.id,
      ]);
      await eventually(async () =>
        expect((await desk.complete(started.document.id)).problem.code).toBe('upload-closed'),
      );
      expect((await desk.put(started, content)).expect(409).problem.code).toBe('upload-closed');
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
        const started = await desk.start(content, more);
        (await desk.put(started, content)).expect(204);
        for (let time = 0; time < 2; time++) {
          const { code, errors } = (await desk.complete(started.document.id)).expect(422).problem;
          expect([code, errors?.[0]?.pointer]).toEqual(['upload-refused', `/${what}`]);
        }
        (await desk.owner.post(`/v1/documents/${started.document.id}/links`, { purpose: 'view' })).expect(404);
        await eventually(async () =>
          expect(
            (await desk.filesOf(desk.owner.organizationId)).filter((name) => name.includes(started.document.id)),
          ).toEqual([]),
        );
      }
    });
  });

  describe('on their way out', () => {
    let receipt: Document;
    const content = pdf(randomBytes(3_000).toString('hex'));
    beforeAll(async () => (receipt = await desk.add(content)));

    it('come whole, in part, or as a head, and say nothing that a browser could run', async () => {
      const { url, expiresAt } = await desk.linkTo(receipt.id, { purpose: 'accounting', disposition: 'inline' });
      const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
      expect([hours > 3.9, hours <= 4]).toEqual([true, true]);
      const whole = (await desk.get(url)).expect(200);
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
      const part = (await desk.get(url, { range: 'bytes=10-19' })).expect(206);
      expect([part.text, part.headers.get('content-range')]).toEqual([
        content.subarray(10, 20).toString(),
        `bytes 10-19/${content.length}`,
      ]);
      expect((await desk.get(url, { range: 'bytes=-5' })).expect(206).text).toBe(content.subarray(-5).toString());
      expect((await desk.get(url, { range: `bytes=${content.length}-` })).expect(416).problem.code).toBe(
        'range-not-satisfiable',
      );
      for (const range of [`bytes=${'0-1,'.repeat(500)}5-6`, 'bytes=5-1', 'lines=1-2'])
        expect((await desk.get(url, { range })).expect(200).bytes.length).toBe(content.length);
      expect((await desk.get(url, { range: 'bytes=0-9', 'if-range': whole.etag })).status).toBe(206);
      expect((await desk.get(url, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
      (await desk.get(url, { 'if-none-match': whole.etag })).expect(304);
      const head = (await desk.get(url, {}, 'HEAD')).expect(200);
      expect([head.headers.get('content-length'), head.bytes.length]).toEqual([String(content.length), 0]);
    });

    it('have links that are in the log, and that nobody can alter', async () => {
      const { url } = await desk.linkTo(receipt.id, { purpose: 'audit', minutes: 360 });
      const token = new URL(url, innkeep.url).searchParams.get('token')!;
      const other = await desk.add(pdf('another'));
      const [head, payload, mac] = token.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const forged = Buffer.from(JSON.stringify({ ...claims, org: desk.stranger.organizationId })).toString(
        'base64url',
      );
      for (const wrong of [
        `${head}.${forged}.${mac}`,
        token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA'),
        'x',
        `${token}=`,
      ])
        expect((await desk.get(`/v1/documents/${receipt.id}/content?token=${wrong}`)).expect(403).problem.code).toBe(
          'document-link-invalid',
        );
      expect((await desk.get(`/v1/documents/${other.id}/content?token=${token}`)).status).toBe(403);
      expect((await desk.get(`/v1/documents/${receipt.id}/content`)).status).toBe(400);
      const rows = await innkeep.database.asAdmin<{ actor: string; purpose: string }>(
        `select actor_id::text as actor, data->>'purpose' as purpose from events.log where type = 'DocumentLinkIssued' and entity_id = $1 order by version`,
        [receipt.id],
      );
      expect(rows).toEqual(['accounting', 'audit'].map((purpose) => ({ actor: String(desk.owner.userId), purpose })));
      const counted = await desk.owner.post(`/v1/documents/${receipt.id}/links`, { purpose: 'view' });
      expect(counted.headers.get('ratelimit-policy')).toMatch(
        /^"signed-url-user";q=\d+;w=60, "signed-url-org";q=\d+;w=60$/,
      );
    });

    it('are no longer reached by a link whose session or rights have ended', async () => {
      const session = await signInAgain(innkeep.anybody, desk.owner);
      const { url } = await desk.linkTo(receipt.id, { purpose: 'view' }, session);
      (await desk.get(url)).expect(200);
      (await session.post('/v1/auth/logout')).expect(204);
      expect((await desk.get(url)).expect(403).problem.code).toBe('document-link-invalid');
      const auditor = await desk.owner.invite('auditor');
      const granted = await desk.linkTo(receipt.id, { purpose: 'audit' }, auditor);
      (await desk.get(granted.url)).expect(200);
      (await desk.owner.patch(`/v1/users/${auditor.userId}`, { propertyIds: [desk.property.id] })).expect(200);
      expect((await desk.get(granted.url)).status).toBe(403);
    });

    it('are for those who may see what they belong to, and absent for everybody else', async () => {
      const elsewhere = await desk.owner.invite('manager', [(await desk.owner.addProperty({ name: 'The mill' })).id]);
      for (const member of [desk.stranger, elsewhere]) {
        (await member.get(`/v1/documents/${receipt.id}`)).expect(404);
        (await member.post(`/v1/documents/${receipt.id}/links`, { purpose: 'view' })).expect(404);
        (await member.delete(`/v1/documents/${receipt.id}`)).expect(404);
        expect((await member.get('/v1/documents')).as<Page<Document>>(200).data).toEqual([]);
      }
      const staff = await desk.owner.invite('staff');
      (await staff.delete(`/v1/documents/${receipt.id}`)).expect(403);
      const paper = await desk.add(pdf('contract'), { kind: 'other', subject: 'organization' });
      (await staff.get(`/v1/documents/${paper.id}`)).expect(404);
      expect((await staff.get('/v1/documents?kind=other')).as<Page<Document>>(200).data).toEqual([]);
    });

    it('are deleted with their files, but for receipts of what stands in the books', async () => {
      const { transaction } = await desk.owner.recordApproved('expense', desk.property.id);
      const kept = await desk.add(pdf('in the books'), { subject: `transaction:${transaction.id}` });
      expect((await desk.owner.delete(`/v1/documents/${kept.id}`)).expect(409).problem.code).toBe('document-kept');
      const { url } = await desk.linkTo(receipt.id);
      (await desk.owner.delete(`/v1/documents/${receipt.id}`)).expect(204);
      for (const answer of [
        await desk.owner.get(`/v1/documents/${receipt.id}`),
        await desk.owner.delete(`/v1/documents/${receipt.id}`),
      ])
        answer.expect(404);
      expect((await desk.get(url)).status).toBe(403);
      await eventually(async () =>
        expect((await desk.filesOf(desk.owner.organizationId)).filter((name) => name.includes(receipt.id))).toEqual([]),
      );
      const [row] = await innkeep.database.asAdmin(
        `select name, sha256, file, status from documents.documents where id = $1`,
        [receipt.id],
      );
      expect(row).toEqual({ name: '', sha256: '', file: null, status: 'removed' });
    });
  });

  imagesOfDocuments(innkeep, desk);
  papersOfGuests(innkeep, desk);
});
