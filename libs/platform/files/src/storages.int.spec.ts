import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { S3Simulator } from '@innkeep/testing';
import type { FileStorage } from './file-storage';
import { LocalFiles } from './local-files';
import { S3Files } from './s3-files';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

async function* inPieces(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 700) yield content.subarray(at, at + 700);
}

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from('half of it');
  throw new Error('the connection is gone');
}

describe('files', () => {
  let folder: string;
  let service: S3Simulator;
  let buckets: S3Files;
  const storages = (): [string, FileStorage][] => [
    ['on a disk', new LocalFiles(join(folder, 'files'))],
    ['in buckets', buckets],
  ];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innkeep-storages-'));
    service = await S3Simulator.start();
    buckets = new S3Files({
      ...{ endpoint: service.url, region: service.account.region, bucket: 'innkeep', credentials: service.account },
      ownBuckets: { 'guest-documents': 'guest-documents' },
      scratch: join(folder, 'scratch'),
    });
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(['on a disk', 'in buckets'])('%s', (where) => {
    let storage: FileStorage;
    const content = randomBytes(2_000);
    beforeAll(() => (storage = storages().find(([name]) => name === where)![1]));

    it.each(['documents/org/7/receipt.1', 'guest-documents/org/7/guest/passport'])(
      'are kept, read in whole and in part, moved and removed: %s',
      async (name) => {
        expect(await storage.put(name, inPieces(content))).toEqual({ bytes: 2_000, sha256: sha256(content) });
        expect(await storage.bytesOf(name)).toBe(2_000);
        const whole = (await storage.open(name))!;
        expect([whole.bytes, (await buffer(whole.content)).equals(content)]).toEqual([2_000, true]);
        const part = (await storage.open(name, { first: 100, last: 199 }))!;
        expect([part.bytes, (await buffer(part.content)).equals(content.subarray(100, 200))]).toEqual([2_000, true]);
        expect(await storage.move(name, `${name}.moved`)).toBe(true);
        expect(await storage.move(name, `${name}.again`)).toBe(false);
        expect([await storage.open(name), await storage.bytesOf(name)]).toEqual([undefined, undefined]);
        await storage.remove(`${name}.moved`);
        await storage.remove(`${name}.moved`);
        expect(await storage.bytesOf(`${name}.moved`)).toBeUndefined();
      },
    );

    it('are listed and removed by folder, and no neighbour goes with them', async () => {
      const names = [1, 2, 3, 4, 5].map((number) => `documents/org/8/file.${number}`);
      for (const name of [...names, 'documents/org/80/file']) await storage.put(name, inPieces(content));
      const listed = [];
      for await (const { name, bytes } of storage.list('documents/org/8')) listed.push([name, bytes]);
      expect(listed.sort()).toEqual(names.map((name) => [name, 2_000]));
      await storage.remove('documents/org/8');
      for await (const { name } of storage.list('documents/org/8')) throw new Error(`${name} is still there`);
      expect(await storage.bytesOf('documents/org/80/file')).toBe(2_000);
    });

    it('are not there by half when their content breaks off', async () => {
      await expect(storage.put('documents/org/9/half', broken())).rejects.toThrow('the connection is gone');
      expect(await storage.bytesOf('documents/org/9/half')).toBeUndefined();
    });

    it.each(['../secret', 'a/../../b', '/etc/passwd', 'a//b', '.hidden', 'a\\b', 'a/\u0000', ''])(
      'have no name like %j',
      async (name) => {
        await expect(storage.open(name)).rejects.toThrow('no name of a file');
        await expect(storage.put(name, inPieces(content))).rejects.toThrow('no name of a file');
      },
    );
  });

  it('leave nothing of what broke off in the folder', async () => {
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => name.endsWith('.part') || name.endsWith('.put'))).toEqual([]);
  });

  describe('that clients put and get by themselves', () => {
    const content = randomBytes(300);
    const file = { bytes: 300, sha256: sha256(content), mediaType: 'image/png' };
    const now = () => ({ from: new Date(), seconds: 900 });
    const put = (url: string, headers: Record<string, string>, body = content) =>
      fetch(url, { method: 'PUT', headers: Object.fromEntries(Object.entries(headers)), body: new Uint8Array(body) });

    it('are what was announced, or they are refused', async () => {
      const { url, headers } = await buckets.signPut('uploads/org/7/one', file, now());
      expect((await put(url, headers)).status).toBe(200);
      expect(await buckets.bytesOf('uploads/org/7/one')).toBe(300);
      const other = randomBytes(300);
      const refused: [string, Promise<Response>][] = [
        ['another content of the same length', put(url, headers, other)],
        ['another length', put(url, { ...headers, 'content-length': '301' }, randomBytes(301))],
        ['another checksum', put(url, { ...headers, 'x-amz-checksum-sha256': 'x' }, other)],
        ['another type', put(url, { ...headers, 'content-type': 'text/html' })],
        ['no type', put(url, { 'x-amz-checksum-sha256': headers['x-amz-checksum-sha256']! })],
        ['another name', put(url.replace('/one?', '/two?'), headers)],
        ['a later end', put(url.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'), headers)],
        ['more headers', put(url, { ...headers, 'x-amz-acl': 'public-read' })],
      ];
      for (const [what, answer] of refused)
        expect([what, [400, 403].includes((await answer).status)]).toEqual([what, true]);
      expect((await fetch(url)).status).toBe(403);
    });

    it('have the same address for the same file and moment', async () => {
      const time = now();
      const [one, two] = [
        await buckets.signPut('uploads/a', file, time),
        await buckets.signPut('uploads/a', file, time),
      ];
      expect(one).toEqual(two);
    });

    it('are shown as it was signed, for as long as it was signed', async () => {
      await buckets.put('documents/org/7/shown', inPieces(content));
      const as = { method: 'GET', mediaType: 'image/png', disposition: 'attachment; filename="a b.png"' } as const;
      const url = (await buckets.signGet('documents/org/7/shown', as, { from: new Date(), seconds: 60 }))!;
      const answer = await fetch(url, { headers: { range: 'bytes=0-9' } });
      expect([answer.status, answer.headers.get('content-disposition'), answer.headers.get('content-type')]).toEqual([
        ...[206, 'attachment; filename="a b.png"', 'image/png'],
      ]);
      expect((await fetch(url.replace('attachment', 'inline'))).status).toBe(403);
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(403);
      const head = (await buckets.signGet(
        'documents/org/7/shown',
        { ...as, method: 'HEAD' },
        { from: new Date(), seconds: 60 },
      ))!;
      expect((await fetch(head, { method: 'HEAD' })).headers.get('content-length')).toBe('300');
      service.aheadMs = 61_000;
      expect((await fetch(url)).status).toBe(403);
      service.aheadMs = 0;
    });
  });
});
