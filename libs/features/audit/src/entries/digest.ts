import { hash } from 'node:crypto';

/** An event as its digest sees it: numbers as such or in digits, the payload in its one spelling, the time in UTC with microseconds. */
export interface Digested {
  readonly actorId: number | string | null;
  readonly data: string;
  readonly entityId: string | null;
  readonly organizationId: number | string;
  readonly propertyId: number | string | null;
  readonly recordedAt: string;
  readonly requestId: string | null;
  readonly schemaVersion: number;
  readonly type: string;
  readonly version: number | string;
}

const sha256 = (content: string | Buffer): Buffer => hash('sha256', content, 'buffer');

/** What `audit.digest` answers in the database: the SHA-256 of an event in its canonical form. */
export const digest = (event: Digested): Buffer =>
  sha256(
    `{"actorId":${event.actorId},"data":${event.data},"entityId":${JSON.stringify(event.entityId)},"organizationId":${event.organizationId}` +
      `,"propertyId":${event.propertyId},"recordedAt":"${event.recordedAt}","requestId":${JSON.stringify(event.requestId)}` +
      `,"schemaVersion":${event.schemaVersion},"type":${JSON.stringify(event.type)},"version":${event.version}}`,
  );

const BEFORE_THE_FIRST = Buffer.alloc(32);

/** What `audit.link` answers in the database: the hash before, or 32 zero bytes before the first, and the digest of the event, hashed. */
export const link = (previous: Buffer | null, digested: Buffer): Buffer =>
  sha256(Buffer.concat([previous ?? BEFORE_THE_FIRST, digested]));
