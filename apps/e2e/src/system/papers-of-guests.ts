import { features } from '@innkeep/assembly';
import { Shard, Shards } from '@innkeep/platform/database';
import { TimedWorker } from '@innkeep/platform/feature';
import { createLogger } from '@innkeep/platform/telemetry';
import { eventually } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import type { TestingModule } from '@nestjs/testing';
import { openCommandApp } from '../guards/command-app';
import { newKey } from './api-client';
import { image } from './document-images';
import type { Document, FileDesk } from './file-desk';
import { sha256 } from './files';
import type { InnkeepUnderTest } from './innkeep-under-test';
import { type Page, type Stay, inDays } from './members';
import { tablesWith } from './tables-with';
import { runTimedWork } from './timed-work';

interface TrailEntry {
  readonly what: string;
  readonly byUserId: number | null;
  readonly purpose: string | null;
  readonly documentId: string | null;
}

const works = features.flatMap(({ timed = [] }) => timed);
const identity = { documentType: 'passport', number: 'cd 234 567', nationality: 'FRA', expiresOn: inDays(700) };

/** What becomes of the papers of guests, told within the spec of documents: they share the three apps. */
export function papersOfGuests(innkeep: InnkeepUnderTest, desk: FileDesk): void {
  const paperOf = (stay: Stay) => ({ kind: 'guest-id', subject: `guest:${stay.id}`, mediaType: 'image/jpeg' });
  const checkOut = (stay: Stay) => desk.owner.post(`/v1/guest-checkin/${stay.id}/checkout`, {});
  const trailOf = async (stay: Stay, what: string) =>
    eventually(async () => {
      const { data } = (await desk.owner.get(`/v1/guest-checkin/${stay.id}/identity-trail`)).as<Page<TrailEntry>>(200);
      if (!data.some((entry) => entry.what === what)) throw new Error(`${what} is not on the trail`);
      return data;
    });
  const filesOf = async (id: string) =>
    (await desk.filesOf(desk.owner.organizationId)).filter((name) => name.includes(id));

  describe('of guests', () => {
    let shards: Shards;
    let app: TestingModule;
    let worker: TimedWorker;
    beforeAll(async () => {
      const url = innkeep.database.urlFor('worker');
      shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'moved-clock' })]);
      app = await openCommandApp(innkeep.database, 'papers-of-guests');
      worker = new TimedWorker(shards, app.get(CommandBus), createLogger('worker', 'silent'));
    });
    afterAll(async () => {
      await app.close();
      await shards.close();
    });

    /** Does what a day so far away brings about. */
    const afterDays = async (days: number) => {
      for (const name of ['remove-guest-documents', 'remove-guest-identities']) {
        const work = works.find((one) => one.name === name)!;
        expect(await worker.run(work, new Date(Date.now() + days * 86_400_000))).toMatchObject({ failed: 0 });
      }
    };

    it('are shown to who may know them, each time is noted, and all of it goes 90 days after they left', async () => {
      const [staff, auditor] = [await desk.owner.invite('staff'), await desk.owner.invite('auditor')];
      const { transaction } = await desk.owner.recordApproved('revenue', desk.property.id);
      const receipt = await desk.add(Buffer.from('%PDF-1.7\n% paid\n%%EOF\n'), {
        subject: `transaction:${transaction.id}`,
      });
      const stay = await desk.owner.checkIn(desk.property.id, { identity, guestName: 'Rosalina Passing' });
      const scan = await image(200, 100);
      const paper = await desk.add(scan, { ...paperOf(stay), name: 'Passport Rosalina.jpg' }, staff);
      expect([paper.name, paper.retainUntil]).toEqual(['guest-id.jpg', null]);
      await desk.drawn(paper.id);
      for (const [member, status] of [
        [staff, 200],
        [auditor, 404],
      ] as const) {
        (await member.get(`/v1/documents/${paper.id}`)).expect(status);
        (await member.post(`/v1/documents/${paper.id}/links`, { purpose: 'view' })).expect(404);
      }
      (await auditor.post('/v1/uploads/file', desk.announce(scan, paperOf(stay)))).expect(403);
      const { url, expiresAt } = await desk.linkTo(paper.id, { purpose: 'identity-check', minutes: 360 });
      expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
      expect((await desk.get(url)).expect(200).bytes.equals(scan)).toBe(true);
      expect(await trailOf(stay, 'document-viewed')).toMatchObject([
        { what: 'kept', documentId: null },
        { what: 'document-kept', documentId: paper.id, byUserId: staff.userId },
        { what: 'document-viewed', byUserId: desk.owner.userId, purpose: 'identity-check' },
      ]);
      (await checkOut(stay)).expect(200);

      await afterDays(89);
      expect((await filesOf(paper.id)).length).toBe(2);
      (await desk.get(url)).expect(200);
      await afterDays(91);
      (await desk.get(url)).expect(403);
      (await desk.owner.get(`/v1/documents/${paper.id}`)).expect(404);
      const trail = await trailOf(stay, 'document-removed');
      expect(
        trail
          .slice(3)
          .map(({ what, byUserId }) => `${what} ${byUserId}`)
          .sort(),
      ).toEqual([...['document-removed null', 'removed null']]);
      await eventually(async () => expect(await filesOf(paper.id)).toEqual([]));
      // The answers that are kept for repetitions are older than a day by then, and gone.
      const holding = await tablesWith(innkeep, sha256(scan));
      expect(holding.filter((table) => table !== 'http.idempotency_records')).toEqual([]);

      const left = (await desk.owner.get(`/v1/guest-checkin/${stay.id}`)).as<Stay>(200);
      expect(left).toMatchObject({ status: 'departed', identity: null });
      (await desk.owner.get(`/v1/finance/revenues/${transaction.id}`)).expect(200);
      (await desk.get((await desk.linkTo(receipt.id)).url)).expect(200);
    });

    it('go 90 days after they left, by time alone, with the identity that was typed from them', async () => {
      const checkIn = () => desk.owner.checkIn(desk.property.id, { identity });
      const [left, stays] = [await checkIn(), await checkIn()];
      const identityOf = async ({ id }: Stay) =>
        (await desk.owner.get(`/v1/guest-checkin/${id}`)).as<Stay>(200).identity;
      await checkOut(left);
      await afterDays(89);
      expect(await identityOf(left)).not.toBeNull();
      await afterDays(91);
      expect([await identityOf(left), await identityOf(stays)]).toEqual([null, expect.anything()]);
      const trail = await trailOf(left, 'removed');
      expect(trail).toMatchObject([{ what: 'kept' }, { what: 'removed', byUserId: null }]);
      await afterDays(91);
      expect(await trailOf(left, 'removed')).toHaveLength(2);
    });

    it('go with a guest who is erased, and no answer that was kept tells of either', async () => {
      const guestName = 'Quirino Unremembered';
      const key = newKey();
      const body = { propertyId: desk.property.id, guestName, departsOn: inDays(2), identity };
      const create = () => desk.owner.send('POST', '/v1/guest-checkin/create', { body, headers: key });
      const stay = (await create()).as<Stay>(201);
      const scan = await image(120, 60);
      const paper = await desk.add(scan, paperOf(stay));
      const begun = await desk.start(scan, paperOf(stay));
      (await desk.put(begun, scan)).expect(204);
      const { url } = await desk.linkTo(paper.id);
      await checkOut(stay);
      const lists = `/v1/guest-checkin/list?propertyId=${desk.property.id}`;
      expect((await desk.owner.get(lists)).text).toContain(guestName);
      const erased = (await desk.owner.post(`/v1/guest-checkin/${stay.id}/erasure`)).expect(200);

      expect((await desk.get(url)).expect(403).problem.code).toBe('document-link-invalid');
      (await desk.owner.post(`/v1/documents/${paper.id}/links`, { purpose: 'view' })).expect(404);
      expect((await create()).expect(409).problem.code).toBe('idempotency-key-reused');
      const again = await desk.owner.post('/v1/uploads/file', desk.announce(scan, paperOf(stay)));
      expect(again.expect(422).problem.code).toBe('document-owner-unknown');
      await runTimedWork(innkeep, 'remove-guest-documents');
      await eventually(async () => expect(await filesOf(paper.id)).toEqual([]));
      await eventually(async () => expect(await filesOf(begun.document.id)).toEqual([]));
      expect((await desk.complete(begun.document.id)).status).toBe(404);
      expect((await desk.owner.getAfter(erased.position, lists)).text).not.toContain(guestName);
      await eventually(async () => {
        expect(await tablesWith(innkeep, guestName)).toEqual([]);
        expect(await tablesWith(innkeep, sha256(scan))).toEqual([]);
      });
      const trail = await trailOf(stay, 'document-erased');
      expect(trail.map(({ what }) => what)).toEqual(expect.arrayContaining(['kept', 'document-kept', 'erased']));
      // What the log says of the guest is sealed with a key that there is not any more.
      const [sealed] = await innkeep.database.asAdmin<{ wrapped_key: unknown; erased: boolean }>(
        `select wrapped_key, erased_at is not null as erased from privacy.subject_keys where subject = $1`,
        [`guest:${stay.id}`],
      );
      expect(sealed).toEqual({ wrapped_key: null, erased: true });
      expect((await desk.owner.get(`/v1/documents?subject=guest:${stay.id}`)).as<Page<Document>>(200).data).toEqual([]);
    });
  });
}
