import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whose requests are let in. */
export interface S3Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** A request as far as its signature covers it. */
export interface SignedRequest {
  readonly method: string;
  /** As it was sent, with the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is refused, in the words of the service. */
export class S3Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string = code,
  ) {
    super(message);
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

interface Claimed {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  /** Seconds; of presigned requests alone. */
  readonly expires?: number;
  readonly payload: string;
}

function fromQuery(query: URLSearchParams): Claimed {
  const of = (name: string): string => {
    const value = query.get(`X-Amz-${name}`);
    if (value === null) throw new S3Refusal(400, 'AuthorizationQueryParametersError', `there is no X-Amz-${name}`);
    return value;
  };
  const expires = Number(of('Expires'));
  if (!Number.isInteger(expires) || expires < 1 || expires > 604_800)
    throw new S3Refusal(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires is from 1 to 604800');
  if (of('Algorithm') !== 'AWS4-HMAC-SHA256') throw new S3Refusal(400, 'AuthorizationQueryParametersError');
  const signedHeaders = of('SignedHeaders').split(';');
  const [credential, signature, date] = [of('Credential'), of('Signature'), of('Date')];
  return { credential, signedHeaders, signature, date, expires, payload: 'UNSIGNED-PAYLOAD' };
}

function fromHeaders(headers: IncomingHttpHeaders): Claimed {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/.exec(
    headers.authorization ?? '',
  );
  if (!found) throw new S3Refusal(403, 'AccessDenied');
  const [, credential, signed, signature] = found as unknown as [string, string, string, string];
  const payload = String(headers['x-amz-content-sha256']);
  return { credential, signedHeaders: signed.split(';'), signature, date: String(headers['x-amz-date']), payload };
}

/** The moment of an X-Amz-Date. */
const momentOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const MAX_SKEW_MS = 15 * 60_000;

function canonicalRequest({ method, url, headers }: SignedRequest, { signedHeaders, payload }: Claimed): string {
  const [path = '/', query = ''] = url.split('?', 2) as [string, string?];
  const parameters = [...new URLSearchParams(query)]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort();
  const lines = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  const uri = decodeURIComponent(path).split('/').map(escaped).join('/');
  return [method, uri, parameters.join('&'), lines.join(''), signedHeaders.join(';'), payload].join('\n');
}

/** Lets a request pass that the account has signed (AWS Signature Version 4), in its query or in its headers, or throws the refusal. */
export function assertSigned(request: SignedRequest, account: S3Account, now: number): void {
  const query = new URL(request.url, 'http://bucket').searchParams;
  const claimed = query.has('X-Amz-Signature') ? fromQuery(query) : fromHeaders(request.headers);
  const { credential, signedHeaders, signature, date, expires } = claimed;
  const [keyId, day, region, service, end] = credential.split('/') as [string, string, string, string, string];
  if (keyId !== account.accessKeyId) throw new S3Refusal(403, 'InvalidAccessKeyId');
  if (region !== account.region || service !== 's3' || end !== 'aws4_request' || !date.startsWith(day))
    throw new S3Refusal(400, 'AuthorizationQueryParametersError', 'the scope is another');
  const at = momentOf(date);
  if (!(Math.abs(at - now) <= MAX_SKEW_MS) && expires === undefined) throw new S3Refusal(403, 'RequestTimeTooSkewed');
  if (expires !== undefined && (!(at - now <= MAX_SKEW_MS) || now > at + expires * 1_000))
    throw new S3Refusal(403, 'AccessDenied', 'Request has expired');
  if (!signedHeaders.includes('host')) throw new S3Refusal(403, 'AccessDenied', 'host is not signed');
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0)
    throw new S3Refusal(403, 'AccessDenied', `There were headers present which were not signed: ${unsigned.join()}`);
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonicalRequest(request, claimed))].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${account.secretAccessKey}`, day));
  const expected = hmac(key, toSign);
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new S3Refusal(403, 'SignatureDoesNotMatch');
}
