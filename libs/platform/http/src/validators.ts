import type { IncomingHttpHeaders } from 'node:http';

/** Whether an If-None-Match holds the validator, compared weakly (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',', 64).some((candidate) => candidate.trim().replace(/^W\//, '') === opaque);
}

/** Whether the client has what it would be sent. An If-None-Match decides alone; else an If-Modified-Since does (RFC 9110, 13.2.2). */
export function isUnchanged(headers: IncomingHttpHeaders, etag: string, lastModified: string | undefined): boolean {
  if (headers['if-none-match'] !== undefined) return matches(headers['if-none-match'], etag);
  const since = headers['if-modified-since'];
  if (since === undefined || lastModified === undefined) return false;
  // A date that cannot be read is as good as none, and compares as false.
  return Date.parse(lastModified) <= Date.parse(since);
}
