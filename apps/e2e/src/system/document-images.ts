import { eventually } from '@innkeep/testing';
import sharp from 'sharp';
import { crc32, deflateSync } from 'node:zlib';
import type { FileDesk } from './file-desk';
import type { InnkeepUnderTest } from './innkeep-under-test';

/** A photograph, with what cameras write down. */
export const image = (width = 64, height = 32): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })
    .withExif({ IFD0: { Artist: 'the camera of a guest' } })
    .jpeg()
    .toBuffer();

/** An image of a few bytes that claims to be so many points. */
export function pngOf(width: number, height: number): Buffer {
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

/** What becomes of images, told within the spec of documents: they share the three apps. */
export function imagesOfDocuments(innkeep: InnkeepUnderTest, desk: FileDesk): void {
  describe('that are images', () => {
    it('are drawn small, and shown to everybody only where their kind says so', async () => {
      const photo = await image(1_000, 500);
      const receipt = await desk.add(photo, { mediaType: 'image/jpeg', name: 'till.jpg' });
      const seen = await desk.drawn(receipt.id);
      expect([seen.assetUrl, seen.width]).toEqual([null, 1_000]);
      const { url } = await desk.linkTo(receipt.id, { purpose: 'view', variant: 'preview', disposition: 'inline' });
      const preview = (await desk.get(url)).expect(200);
      expect(await sharp(preview.bytes).metadata()).toMatchObject({ format: 'webp', width: 480, height: 240 });
      expect((await sharp(preview.bytes).metadata()).exif).toBeUndefined();
    });

    it('are public under the hash of their content, for good, until they are deleted', async () => {
      // An image and a page of script in one: what is shown is drawn anew.
      const polyglot = Buffer.concat([await image(300, 200), Buffer.from('<script>alert(1)</script>')]);
      const logo = await desk.add(polyglot, {
        kind: 'logo',
        subject: 'organization',
        mediaType: 'image/jpeg',
        name: 'logo.jpg',
      });
      const { assetUrl } = await desk.drawn(logo.id);
      expect(assetUrl).toMatch(/^\/assets\/[\da-f]{32}\/logo\.webp$/);
      const shown = (await desk.get(assetUrl!)).expect(200);
      expect(
        ['cache-control', 'content-type', 'cross-origin-resource-policy'].map((name) => shown.headers.get(name)),
      ).toEqual(['public, max-age=2592000, immutable', 'image/webp', 'cross-origin']);
      expect(shown.bytes.includes('script')).toBe(false);
      expect(shown.bytes.includes('camera')).toBe(false);
      expect(await sharp(shown.bytes).metadata()).toMatchObject({ width: 300, height: 200 });
      (await desk.get(assetUrl!, { 'if-none-match': shown.etag })).expect(304);
      expect((await desk.get(assetUrl!, { range: 'bytes=0-3' })).expect(206).text).toBe('RIFF');
      expect((await desk.get(assetUrl!, {}, 'HEAD')).expect(200).headers.get('content-length')).toBe(
        String(shown.bytes.length),
      );
      const shownAsLogo = async (position: number) =>
        (await desk.owner.getAfter(position, '/v1/branding/theme')).as<{ logoUrl: string | null }>(200).logoUrl;
      const branded = (await desk.owner.patch('/v1/branding/theme', { logoId: logo.id })).expect(200);
      expect(await shownAsLogo(branded.position)).toBe(assetUrl);
      const hash = assetUrl!.split('/')[2]!;
      for (const wrong of [
        `/assets/${'0'.repeat(32)}/logo.webp`,
        `/assets/${hash}/..%2f..%2fsecret.webp`,
        `/assets/${hash}/page.html`,
        `/assets/../v1/x.webp`,
      ])
        (await desk.get(wrong)).expect(404);
      const { position } = (await desk.owner.delete(`/v1/documents/${logo.id}`)).expect(204);
      expect(await shownAsLogo(position)).toBeNull();
      (await desk.get(assetUrl!)).expect(404);
      await eventually(async () => {
        const asked = await innkeep.database.asAdmin<{ tags: number }>(
          `select count(*)::int as tags from events.log where type = 'DocumentRemoved' and data->>'assetHash' = $1`,
          [hash],
        );
        expect(asked).toEqual([{ tags: 1 }]);
        expect((await desk.filesOf(desk.owner.organizationId)).filter((name) => name.includes(hash))).toEqual([]);
      });
    });

    it('are the logo of nobody but the organization whose logo they are', async () => {
      const upload = async (kind: 'logo' | 'other') =>
        desk.add(await image(), { kind, subject: 'organization', mediaType: 'image/jpeg', name: 'sign.jpg' });
      const logo = await upload('logo');
      const unknown = { logoId: (await upload('other')).id };
      for (const refused of [
        await desk.owner.patch('/v1/branding/theme', unknown),
        await desk.stranger.patch('/v1/branding/theme', { logoId: logo.id }),
      ])
        expect(refused.expect(422).problem).toMatchObject({ code: 'logo-unknown', errors: [{ pointer: '/logoId' }] });
      (await desk.owner.patch('/v1/branding/theme', { logoId: logo.id })).expect(200);
      (await desk.owner.patch('/v1/branding/theme', { logoId: null })).expect(200);
    });

    it('of a task are public, and of its property', async () => {
      const body = { propertyId: desk.property.id, title: 'The lamp' };
      const task = (await desk.owner.post('/v1/tasks', body)).as<{ id: string }>(201).id;
      const kind = { kind: 'task-image', subject: `task:${task}`, mediaType: 'image/jpeg', name: 'lamp.jpg' };
      const staff = await desk.owner.invite('staff', [desk.property.id]);
      const { id } = await desk.add(await image(), kind, staff);
      expect((await desk.get((await desk.drawn(id)).assetUrl!)).status).toBe(200);
      (await desk.stranger.post('/v1/uploads/file', desk.announce(await image(), kind))).expect(422);
    });

    it('are not drawn if they claim to be larger than anything should be', async () => {
      const bomb = pngOf(60_000, 60_000);
      const broken = (await image(400, 400)).subarray(0, 900);
      for (const [content, mediaType] of [
        [bomb, 'image/png'],
        [broken, 'image/jpeg'],
      ] as const) {
        const { id } = await desk.add(content, { mediaType });
        await desk.drawn(id, 'failed');
      }
    });
  });
}
