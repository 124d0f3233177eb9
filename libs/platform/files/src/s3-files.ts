import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  type AnnouncedFile,
  type ByteRange,
  FileStorage,
  type KeptFile,
  type ListedFile,
  type OpenFile,
  type ShownAs,
  type SignedPut,
  type SigningTime,
  assertName,
} from './file-storage';
import { writeFile } from './write-file';

/** Which service keeps the files, and where in it. */
export interface S3Settings {
  /** For any service but Amazon's own. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** Buckets of their own for the files below these folders. */
  readonly ownBuckets?: Readonly<Record<string, string>>;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A folder of this machine, for files on their way: what is sent has to be measured first. */
  readonly scratch: string;
}

/** Files in buckets of a service that speaks as Amazon S3 does. Clients reach them at its address, by requests that are signed here. */
export class S3Files extends FileStorage {
  private readonly client: S3Client;

  constructor(private readonly settings: S3Settings) {
    super();
    this.client = new S3Client({
      endpoint: settings.endpoint,
      region: settings.region,
      credentials: settings.credentials,
      // A bucket in the host name needs a name and a certificate for each, which only Amazon's own service is sure to have.
      forcePathStyle: settings.endpoint !== undefined,
      // Else a checksum would be signed of the body that is not there yet.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async put(name: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
    const place = this.placeOf(name);
    const path = join(this.settings.scratch, `${randomUUID()}.put`);
    await mkdir(this.settings.scratch, { recursive: true, mode: 0o700 });
    try {
      const kept = await writeFile(path, content);
      const ContentLength = kept.bytes;
      await this.client.send(
        new PutObjectCommand({ ...place, Body: createReadStream(path), ContentLength, ChecksumSHA256: base64Of(kept) }),
      );
      return kept;
    } finally {
      await rm(path, { force: true });
    }
  }

  async open(name: string, range?: ByteRange): Promise<OpenFile | undefined> {
    const Range = range && `bytes=${range.first}-${range.last}`;
    const found = await orAbsent(this.client.send(new GetObjectCommand({ ...this.placeOf(name), Range })));
    if (!found) return undefined;
    const whole = found.ContentRange?.split('/').at(-1);
    return { bytes: Number(whole ?? found.ContentLength), content: found.Body as Readable };
  }

  async bytesOf(name: string): Promise<number | undefined> {
    return (await orAbsent(this.client.send(new HeadObjectCommand(this.placeOf(name)))))?.ContentLength;
  }

  async move(from: string, to: string): Promise<boolean> {
    const source = this.placeOf(from);
    const CopySource = `${source.Bucket}/${source.Key}`;
    const copied = await orAbsent(this.client.send(new CopyObjectCommand({ ...this.placeOf(to), CopySource })));
    if (!copied) return false;
    await this.client.send(new DeleteObjectCommand(source));
    return true;
  }

  async remove(name: string): Promise<void> {
    const place = this.placeOf(name);
    await this.client.send(new DeleteObjectCommand(place));
    for await (const { Key } of this.objects(place))
      await this.client.send(new DeleteObjectsCommand({ Bucket: place.Bucket, Delete: { Objects: [{ Key }] } }));
  }

  async *list(folder: string): AsyncGenerator<ListedFile> {
    const place = this.placeOf(folder);
    const before = folder.slice(0, folder.length - place.Key.length);
    for await (const { Key, Size, LastModified } of this.objects(place))
      yield { name: before + Key, bytes: Size, modifiedAt: LastModified };
  }

  override async signPut(name: string, file: AnnouncedFile, { from, seconds }: SigningTime): Promise<SignedPut> {
    const checksum = base64Of(file);
    const command = new PutObjectCommand({
      ...this.placeOf(name),
      ContentType: file.mediaType,
      ContentLength: file.bytes,
      ChecksumSHA256: checksum,
    });
    const url = await getSignedUrl(this.client, command, {
      signingDate: from,
      expiresIn: seconds,
      // What is signed as a header has to be sent as one: type, length and checksum are then not the client's to choose.
      signableHeaders: new Set(['host', 'content-type', 'content-length', 'x-amz-checksum-sha256']),
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
    });
    const headers = { 'content-type': file.mediaType, 'content-length': String(file.bytes) };
    return { url, headers: { ...headers, 'x-amz-checksum-sha256': checksum } };
  }

  override signGet(name: string, { method, mediaType, disposition }: ShownAs, { from, seconds }: SigningTime) {
    const shown = {
      ResponseContentType: mediaType,
      ResponseContentDisposition: disposition,
      ResponseCacheControl: 'no-store',
    };
    const Asked = method === 'HEAD' ? HeadObjectCommand : GetObjectCommand;
    return getSignedUrl(this.client, new Asked({ ...this.placeOf(name), ...shown }), {
      signingDate: from,
      expiresIn: seconds,
    });
  }

  private placeOf(name: string): { Bucket: string; Key: string } {
    assertName(name);
    const [folder, ...rest] = name.split('/') as [string, ...string[]];
    const own = this.settings.ownBuckets?.[folder];
    return own ? { Bucket: own, Key: rest.join('/') } : { Bucket: this.settings.bucket, Key: name };
  }

  private async *objects({ Bucket, Key }: { Bucket: string; Key: string }) {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ Bucket, Prefix: Key === '' ? '' : `${Key}/`, ContinuationToken }),
      );
      for (const one of page.Contents ?? [])
        yield { Key: one.Key!, Size: one.Size ?? 0, LastModified: one.LastModified ?? new Date(0) };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }
}

const base64Of = ({ sha256 }: { readonly sha256: string }): string => Buffer.from(sha256, 'hex').toString('base64');

async function orAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
}
