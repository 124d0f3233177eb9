import { type FileStorage, type SignedLinks } from '@innkeep/platform/files';
import { z } from 'zod';
import { type StartedUpload, UPLOAD_MINUTES, stagingOf } from './document';

const PURPOSE = 'upload';
const claims = z.object({ org: z.int(), doc: z.string() });

/** The request that puts a file, as a client is told. */
export interface UploadRequest {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: string;
}

/** Which upload a link is for. */
export interface UploadGrant {
  readonly organizationId: number;
  readonly documentId: string;
}

/** How clients put their files: at the storage itself, or here where it has no address of its own. */
export class UploadLinks {
  constructor(
    private readonly storage: FileStorage,
    private readonly links: SignedLinks,
  ) {}

  /** Made anew each time it is told, and always the same for the same upload: nothing that opens anything is kept. */
  async requestFor(organizationId: number, { document, uploadUntil }: StartedUpload): Promise<UploadRequest> {
    const { id, mediaType, bytes, sha256, startedAt } = document;
    const time = { from: new Date(startedAt), seconds: UPLOAD_MINUTES * 60 };
    const signed = await this.storage.signPut(stagingOf(organizationId, id), { bytes, sha256, mediaType }, time);
    if (signed) return { method: 'PUT', ...signed, expiresAt: uploadUntil };
    const token = await this.links.sign(PURPOSE, { org: organizationId, doc: id }, new Date(uploadUntil));
    const headers = { 'content-type': mediaType, 'content-length': String(bytes) };
    return { method: 'PUT', url: `/v1/uploads/${id}/content?token=${token}`, headers, expiresAt: uploadUntil };
  }

  async verify(token: string): Promise<UploadGrant | undefined> {
    const read = claims.safeParse(await this.links.verify(PURPOSE, token));
    return read.success ? { organizationId: read.data.org, documentId: read.data.doc } : undefined;
  }
}
