import { createHash } from 'node:crypto';
import { type FileStorage } from '@innkeep/platform/files';
import { Injectable } from '@nestjs/common';
import { fileTypeFromBuffer } from 'file-type/core';
import { v7 as uuid } from 'uuid';
import { type DocumentFile, fileOf, stagingOf } from './document';
import type { Verdict } from './complete-upload/complete-upload.command';
import type { Refusal } from './documents.problems';

/** As much of a file as tells what it is. */
const HEAD_BYTES = 64 * 1024;

/** Looks at files that were put, and believes nothing else. */
@Injectable()
export class UploadCheck {
  constructor(private readonly storage: FileStorage) {}

  /**
   * Takes the file away from where it can be put, and looks at it there: an address for putting it may be good for some time yet, and
   * what is put meanwhile is not what was looked at. Undefined if nothing was put.
   */
  async look(organizationId: number, upload: DocumentFile): Promise<Verdict | undefined> {
    const file = fileOf(organizationId, upload, uuid());
    if (!(await this.storage.move(stagingOf(organizationId, upload.id), file))) return undefined;
    return { file, refusal: await this.refusalOf(file, upload) };
  }

  /** Deletes a file that was looked at and is not kept: refused, or another look was faster. */
  async discard(
    verdict: Verdict | undefined,
    kept: { readonly refusal: Refusal | null; readonly file: string | null },
  ) {
    if (verdict && (kept.refusal !== null || kept.file !== verdict.file)) await this.storage.remove(verdict.file);
  }

  private async refusalOf(file: string, { bytes, sha256, mediaType }: DocumentFile): Promise<Refusal | null> {
    const found = await this.storage.open(file);
    if (!found) throw new Error(`${file} is gone while it is looked at`);
    if (found.bytes !== bytes) {
      found.content.destroy();
      return 'bytes';
    }
    const hash = createHash('sha256');
    const head: Buffer[] = [];
    let read = 0;
    for await (const chunk of found.content as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (read < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - read));
      read += chunk.length;
    }
    if (hash.digest('hex') !== sha256) return 'sha256';
    const type = await fileTypeFromBuffer(Buffer.concat(head)).catch(() => undefined);
    return type?.mime === mediaType ? null : 'mediaType';
  }
}
