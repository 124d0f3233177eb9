import { createHash } from 'node:crypto';
import { rawSql } from '@innkeep/platform/database';
import type { Projection } from '@innkeep/platform/events';

/** JSON in its one spelling (RFC 8785). */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonical(members[name])}`;
  return `{${text}}`;
}

/** An event as its digest sees it, the payload in its one spelling. */
export interface Digested {
  readonly actorId: number;
  readonly data: string;
  readonly entityId: string;
  readonly organizationId: number;
  readonly propertyId: number | null;
  readonly recordedAt: string;
  readonly requestId: string;
  readonly schemaVersion: number;
  readonly type: string;
  readonly version: number;
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest();

/** The chain of hashes over an organization's events, as the audit log has it. */
export class AuditChain {
  private last: Buffer = Buffer.alloc(32);

  /** The hash of the next event: of the one before it, and of its own digest. */
  next(event: Digested): Buffer {
    const digest = sha256(
      `{"actorId":${event.actorId},"data":${event.data},"entityId":${JSON.stringify(event.entityId)},"organizationId":${event.organizationId}` +
        `,"propertyId":${event.propertyId},"recordedAt":"${event.recordedAt}","requestId":${JSON.stringify(event.requestId)}` +
        `,"schemaVersion":${event.schemaVersion},"type":${JSON.stringify(event.type)},"version":${event.version}}`,
    );
    return (this.last = sha256(Buffer.concat([this.last, digest])));
  }
}

const AUDIT = 'audit_entries';

/**
 * The projections with which a share is folded: the rows of the audit log are there already. Its digests in SQL take longer than all
 * that is folded besides.
 */
export const withoutAudit = (projections: readonly Projection[]): Projection[] =>
  projections.map((one) => (one.name === AUDIT ? { ...one, fold: () => rawSql('select') } : one));
