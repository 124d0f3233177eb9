import { createHash } from 'node:crypto';
import type { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import type { FileStorage } from '@innkeep/platform/files';
import { buffer } from 'node:stream/consumers';
import { assetOf, previewOf, stagingOf } from '../document';
import { kindRules } from '../document-kinds';
import {
  type DocumentKey,
  type DocumentTask,
  DocumentWork,
  type PublishedImage,
  dueDocuments,
} from './document-work.store';
import { type MadeImages, UndrawableError, imagesOf } from './images';

export { type DocumentKey, dueDocuments };

/** What documents are looked after with. */
export interface DocumentKeeping {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly unitOfWork: UnitOfWork;
  readonly storage: FileStorage;
}

/**
 * Does what is due of a document: gives up an upload that nobody completed, draws its small images, removes its files. Safe to be killed
 * anywhere and to run twice at once: whoever comes when the lease is over begins anew.
 */
export async function workOnDocument(
  keeping: DocumentKeeping,
  key: DocumentKey,
): Promise<DocumentTask['what'] | undefined> {
  const work = new DocumentWork(keeping.unitOfWork);
  const task = await work.take(key);
  if (!task) return undefined;
  try {
    if (task.what === 'draw') await draw(keeping, work, key, task);
    else await removeFiles(keeping, work, key, task);
    return task.what;
  } catch (error) {
    await work.failed(key);
    throw error;
  }
}

async function draw(
  { storage, directory }: DocumentKeeping,
  work: DocumentWork,
  key: DocumentKey,
  { kind, file, sha256 }: DocumentTask,
): Promise<void> {
  const found = await storage.open(file!);
  if (!found) throw new Error(`the file of document ${key.id} is gone`);
  let images: MadeImages;
  try {
    images = await imagesOf(await buffer(found.content), kindRules[kind].isPublic ?? false);
  } catch (error) {
    if (error instanceof UndrawableError) return work.undrawable(key);
    throw error;
  }
  await storage.put(previewOf(file!), once(images.preview));
  const asset = images.asset && (await publish({ storage, directory }, key, sha256, images.asset));
  const isKept = await work.drawn(key, images, asset);
  // Removed while it was drawn: who removes it knows nothing of this yet. Drawn twice at once, both have drawn the same.
  if (!isKept && asset && !(await work.hasAsset(key, asset.hash))) {
    await directory.forgetAsset(asset.hash, key.organizationId);
    await storage.remove(assetOf(key.organizationId, asset.hash));
  }
}

/** Keeps a public image under a name of its own, made of its content; of two documents with the same content each has its own. */
async function publish(
  { storage, directory }: Pick<DocumentKeeping, 'storage' | 'directory'>,
  { organizationId, id }: DocumentKey,
  sha256: string,
  content: Buffer,
): Promise<PublishedImage> {
  const hash = createHash('sha256').update(`${id}\n${sha256}\n`).update(content).digest('hex').slice(0, 32);
  await storage.put(assetOf(organizationId, hash), once(content));
  await directory.addAsset(hash, organizationId);
  return { hash, bytes: content.length };
}

async function removeFiles(
  { storage, directory }: DocumentKeeping,
  work: DocumentWork,
  key: DocumentKey,
  { file, assetHash }: DocumentTask,
): Promise<void> {
  const { organizationId, id } = key;
  await storage.remove(stagingOf(organizationId, id));
  if (file !== null) {
    await storage.remove(file);
    await storage.remove(previewOf(file));
  }
  if (assetHash !== null) {
    await directory.forgetAsset(assetHash, organizationId);
    await storage.remove(assetOf(organizationId, assetHash));
  }
  await work.removed(key);
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
