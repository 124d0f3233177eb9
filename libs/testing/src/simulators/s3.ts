import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type S3Account, S3Refusal, assertSigned } from './s3-signature';

interface StoredObject {
  readonly content: Buffer;
  readonly mediaType: string;
  readonly modifiedAt: Date;
}

interface Asked {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** As few entries to a page of a listing as make a second page likely. */
const PAGE = 3;

const xml = (name: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${name}>${inner}</${name}>`;
const digest = (content: Buffer): string => createHash('sha256').update(content).digest('base64');

/**
 * A service on this machine that speaks as Amazon S3 does, as far as files need it: objects in buckets by path, every request signed
 * with Signature Version 4 in its headers or its query, checksums compared, ranges, copies, listings by pages.
 */
export class S3Simulator {
  readonly account: S3Account = {
    accessKeyId: 'AKIASIMULATED',
    secretAccessKey: 'a/secret+of/the+simulator',
    region: 'eu-west-1',
  };
  /** What is kept, by bucket and key. */
  readonly objects = new Map<string, StoredObject>();
  /** Moves the clock of the service, in milliseconds. */
  aheadMs = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<S3Simulator> {
    const simulator = new S3Simulator();
    simulator.server.listen(0, '127.0.0.1');
    await once(simulator.server, 'listening');
    return simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await buffer(request);
      const { method = 'GET', url = '/', headers } = request;
      assertSigned({ method, url, headers }, this.account, Date.now() + this.aheadMs);
      const { pathname, searchParams: query } = new URL(url, this.url);
      const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/');
      const answer = this.answer({ method, bucket, key: rest.join('/'), query, request, body });
      response.writeHead(answer.status, { ...answer.headers });
      response.end(method === 'HEAD' ? undefined : answer.body);
    } catch (error) {
      const { status, code, message } =
        error instanceof S3Refusal ? error : new S3Refusal(500, 'InternalError', String(error));
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(
        request.method === 'HEAD' ? undefined : xml('Error', `<Code>${code}</Code><Message>${message}</Message>`),
      );
    }
  }

  private answer(asked: Asked): Answered {
    const { method, key, query } = asked;
    if (method === 'GET' && key === '') return this.list(asked);
    if (method === 'POST' && query.has('delete')) return this.deleteMany(asked);
    if (method === 'PUT') return asked.request.headers['x-amz-copy-source'] ? this.copy(asked) : this.put(asked);
    if (method === 'GET' || method === 'HEAD') return this.get(asked);
    if (method === 'DELETE') {
      this.objects.delete(`${asked.bucket}/${key}`);
      return { status: 204 };
    }
    throw new S3Refusal(405, 'MethodNotAllowed');
  }

  private put({ bucket, key, body, request }: Asked): Answered {
    const { 'content-length': length, 'x-amz-checksum-sha256': checksum, 'content-type': mediaType } = request.headers;
    if (length === undefined) throw new S3Refusal(411, 'MissingContentLength');
    if (checksum !== undefined && checksum !== digest(body)) throw new S3Refusal(400, 'BadDigest');
    this.objects.set(`${bucket}/${key}`, {
      content: body,
      mediaType: mediaType ?? 'binary/octet-stream',
      modifiedAt: new Date(Date.now() + this.aheadMs),
    });
    return { status: 200, headers: { etag: '"simulated"' } };
  }

  private copy({ bucket, key, request }: Asked): Answered {
    const source = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '');
    this.objects.set(`${bucket}/${key}`, this.find(source));
    return { status: 200, body: xml('CopyObjectResult', '<ETag>"simulated"</ETag>') };
  }

  private get({ bucket, key, query, request }: Asked): Answered {
    const { content, mediaType, modifiedAt } = this.find(`${bucket}/${key}`);
    const shown = Object.fromEntries(
      ['content-type', 'content-disposition', 'cache-control'].flatMap((name) => {
        const value = query.get(`response-${name}`);
        return value === null ? [] : [[name, value]];
      }),
    );
    const headers = { 'content-type': mediaType, 'last-modified': modifiedAt.toUTCString(), ...shown };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (!range)
      return { status: 200, headers: { ...headers, 'content-length': String(content.length) }, body: content };
    const first = Number(range[1]);
    const last = Math.min(range[2] ? Number(range[2]) : Infinity, content.length - 1);
    if (first > last) throw new S3Refusal(416, 'InvalidRange');
    const part = content.subarray(first, last + 1);
    const about = {
      'content-range': `bytes ${first}-${last}/${content.length}`,
      'content-length': String(part.length),
    };
    return { status: 206, headers: { ...headers, ...about }, body: part };
  }

  private list({ bucket, query }: Asked): Answered {
    const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
    const after = query.get('continuation-token') ?? '';
    const found = [...this.objects.entries()]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const rest = found.filter(([name]) => name > after);
    const page = rest.slice(0, PAGE);
    const contents = page.map(
      ([name, { content, modifiedAt }]) =>
        `<Contents><Key>${name.slice(bucket.length + 1)}</Key><Size>${content.length}</Size><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`,
    );
    const isMore = rest.length > PAGE;
    const next = isMore ? `<NextContinuationToken>${page.at(-1)![0]}</NextContinuationToken>` : '';
    const body = xml('ListBucketResult', `<IsTruncated>${isMore}</IsTruncated>${next}${contents.join('')}`);
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  private deleteMany({ bucket, body }: Asked): Answered {
    for (const [, key] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) this.objects.delete(`${bucket}/${key}`);
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: xml('DeleteResult', '') };
  }

  private find(name: string): StoredObject {
    const found = this.objects.get(name);
    if (!found) throw new S3Refusal(404, 'NoSuchKey');
    return found;
  }
}
