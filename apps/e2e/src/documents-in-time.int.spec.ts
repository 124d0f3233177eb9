import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { features } from '@innkeep/assembly';
import { GRACE_HOURS, dueDocuments, removeOrphans, workOnDocument } from '@innkeep/features/documents';
import { Directory, Shard, Shards, UnitOfWork } from '@innkeep/platform/database';
import { TimedWorker } from '@innkeep/platform/feature';
import { type FileStorage, LocalFiles, storageFrom } from '@innkeep/platform/files';
import { createLogger } from '@innkeep/platform/telemetry';
import { S3Simulator, type TestDatabase, createTestDatabase, ownerOf } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import type { TestingModule } from '@nestjs/testing';
import { openCommandApp } from './guards/command-app';
import { Commands } from './system/commands';
import { announced } from './system/files';

const retention = features.flatMap(({ timed = [] }) => timed).find(({ name }) => name === 'documents-retention')!;

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('what time does to documents', () => {
  let database: TestDatabase;
  let app: TestingModule;
  let shards: Shards;
  let folder: string;
  let storage: LocalFiles;
  let commands: Commands;
  let context: { principal: ReturnType<typeof ownerOf>; requestId: string };
  let subject: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innkeep-documents-'));
    storage = new LocalFiles(folder);
    database = await createTestDatabase();
    app = await openCommandApp(database, 'documents-in-time');
    const url = database.urlFor('worker');
    shards = new Shards([await Shard.open('shard-1', { url, poolSize: 2, applicationName: 'worker-under-test' })]);
    commands = new Commands(app.get(CommandBus));
    const person = { organizationName: 'Casas do Rio', name: 'Ana Duarte', email: 'ana@casas.example' };
    const { principal } = await commands.send<{ principal: { organizationId: number; userId: number } }>(
      'SignUp',
      'request-1',
      { ...person, password: 'a river runs by it' },
    );
    context = { principal: ownerOf(principal.organizationId, principal.userId), requestId: 'request-2' };
    const property = { name: 'The house', timeZone: 'UTC', currency: 'EUR', businessDayStartsAt: '00:00' };
    const { id: propertyId } = await commands.send<{ id: number }>('CreateProperty', context, property);
    const input = { propertyId, amountCents: 100, description: 'Towels', occurredAt: new Date().toISOString() };
    subject = `transaction:${(await commands.send<{ id: string }>('RecordTransaction', context, 'expense', input)).id}`;
  });
  afterAll(async () => {
    await app.close();
    await shards.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async () =>
    (await commands.send<{ document: { id: string } }>('StartUpload', context, announced(subject))).document.id;
  const statusOf = async (id: string) =>
    (
      await database.asAdmin<{ status: string; name: string }>(
        `select status, name from documents.documents where id = $1`,
        [id],
      )
    )[0];
  /** Does what is due, as the worker does. */
  const keep = async () => {
    const { pool } = shards.all[0]!;
    const keeping = { directory: new Directory(pool), shards, unitOfWork: app.get(UnitOfWork), storage };
    const done = [];
    for (const key of await dueDocuments(pool, 10)) done.push(await workOnDocument(keeping, key));
    return done;
  };
  const inYears = (years: number) => {
    const moment = new Date();
    moment.setUTCFullYear(moment.getUTCFullYear() + years);
    return new Date(moment.getTime() + 60_000);
  };

  it('removes a receipt after seven years and not before, with its file', async () => {
    const id = await start();
    const file = `documents/org/${context.principal.organizationId}/${id}.1`;
    await storage.put(file, once('a receipt'));
    await commands.send('CompleteUpload', context, id, { file, refusal: null });
    const worker = new TimedWorker(shards, app.get(CommandBus), createLogger('worker', 'silent'));
    expect(await worker.run(retention, new Date())).toEqual({ done: 0, failed: 0 });
    expect(await worker.run(retention, new Date(inYears(7).getTime() - 86_400_000))).toEqual({ done: 0, failed: 0 });
    expect(await statusOf(id)).toEqual({ status: 'complete', name: 'A receipt.pdf' });
    // Two workers at the same time.
    await Promise.all([worker.run(retention, inYears(7)), worker.run(retention, inYears(7))]);
    expect(await statusOf(id)).toEqual({ status: 'removed', name: '' });
    const told = await database.asAdmin(
      `select data->>'reason' as reason, actor_id from events.log where type = 'DocumentRemoved' and entity_id = $1`,
      [id],
    );
    expect(told).toEqual([{ reason: 'retention', actor_id: null }]);
    expect([await storage.bytesOf(file), await keep(), await storage.bytesOf(file)]).toEqual([
      9,
      ['remove'],
      undefined,
    ]);
    expect(await keep()).toEqual([]);
  });

  it('gives up an upload that nobody completes, and what was put for it', async () => {
    const id = await start();
    const file = `uploads/org/${context.principal.organizationId}/${id}`;
    await storage.put(file, once('half of it'));
    expect(await keep()).toEqual([]);
    await database.asAdmin(`update documents.documents set due_at = now() where id = $1`, [id]);
    expect(await keep()).toEqual(['give-up']);
    expect([await storage.bytesOf(file), await statusOf(id)]).toEqual([undefined, { status: 'abandoned', name: '' }]);
    const late = commands.send('CompleteUpload', context, id, { file, refusal: null });
    await expect(late).rejects.toMatchObject({ problem: { name: 'upload-closed' } });
  });

  describe('and to files that no document has', () => {
    let service: S3Simulator;
    beforeAll(async () => (service = await S3Simulator.start()));
    afterAll(() => service.stop());
    const storages: Record<string, () => Promise<FileStorage>> = {
      'on a disk': () => Promise.resolve(new LocalFiles(join(folder, 'orphans'))),
      'in buckets': () =>
        storageFrom({
          ...{ FILE_STORAGE: 's3', DATA_DIR: folder, S3_ENDPOINT: service.url, S3_REGION: service.account.region },
          ...{ S3_BUCKET: 'innkeep', S3_GUEST_DOCUMENTS_BUCKET: 'guest-documents' },
          S3_ACCESS_KEY_ID: service.account.accessKeyId,
          S3_SECRET_ACCESS_KEY: service.account.secretAccessKey,
        }),
    };

    it.each(Object.keys(storages))(
      'removes them %s after a time of grace, and none that a document has',
      async (where) => {
        const files = await storages[where]!();
        const { organizationId } = context.principal;
        const [awaited, kept, gone] = [await start(), await start(), '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'];
        const file = `documents/org/${organizationId}/${subject.replace(':', '/')}/${kept}.1`;
        const known = [`uploads/org/${organizationId}/${awaited}`, file, `${file}.preview`];
        const orphans = [
          ...[`uploads/org/${organizationId}/${gone}`, `uploads/org/${organizationId}/${kept}`],
          ...[`documents/org/${organizationId}/transaction/7/${gone}.1`, `${file.slice(0, -1)}2`],
          ...[`guest-documents/org/${organizationId}/guest/7/${gone}.1.preview`],
          ...[`assets/org/${organizationId}/${'0'.repeat(32)}`],
        ];
        const stranger = `documents/org/999999/transaction/7/${gone}.1`;
        for (const name of [...known, ...orphans, stranger]) await files.put(name, once('a file'));
        await commands.send('CompleteUpload', context, kept, { file, refusal: null });
        const { pool } = shards.all[0]!;
        const search = { directory: new Directory(pool), unitOfWork: app.get(UnitOfWork), storage: files };
        expect(await removeOrphans(search, new Date())).toEqual({ files: 0, removed: 0 });
        const later = new Date(Date.now() + (GRACE_HOURS + 1) * 3_600_000);
        const all = known.length + orphans.length + 1;
        expect(await removeOrphans(search, later)).toEqual({ files: all, removed: orphans.length });
        const there = async (names: string[]) => {
          const found = await Promise.all(names.map((name) => files.bytesOf(name)));
          return names.filter((_, at) => found[at] !== undefined);
        };
        expect([await there(orphans), await there([...known, stranger])]).toEqual([[], [...known, stranger]]);
        expect(await removeOrphans(search, later)).toMatchObject({ removed: 0 });
      },
    );
  });
});
