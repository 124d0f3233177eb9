import { canonicalJson } from '@innkeep/contracts';
import { AuditChain } from './audit-chain';
import type { ShareRows } from './share-rows';

const REQUEST = 'seed';

/** Where a bucket's log goes on. */
export interface BucketHead {
  readonly bucket: number;
  position: number;
  /** The time that all that is written now is recorded at, in UTC with microseconds. */
  readonly recordedAt: string;
}

/** What happened, before it has a place. */
export interface Fact {
  readonly type: { readonly type: string; readonly version: number };
  readonly data: object;
  readonly entityType: string;
  readonly entityId: string | number;
  readonly propertyId?: number;
  readonly actorId: number;
}

/** The events of one organization, in the log and in the audit log. */
export class MadeUpLog {
  version = 0;
  private readonly chain = new AuditChain();

  constructor(
    private readonly organizationId: number,
    readonly head: BucketHead,
    private readonly rows: ShareRows,
  ) {}

  /** Gives an event its place. Answers the organization's version with it. */
  record({ type: { type, version: schemaVersion }, data: payload, entityType, propertyId, ...fact }: Fact): number {
    const { head, rows, organizationId } = this;
    const { bucket, recordedAt } = head;
    const position = ++head.position;
    const version = ++this.version;
    const [property, entityId, actorId] = [propertyId ?? null, String(fact.entityId), fact.actorId];
    const data = canonicalJson(payload);
    const about = { actorId, data, entityId, organizationId, propertyId: property, recordedAt, requestId: REQUEST };
    rows.log.add(
      ...[bucket, position, organizationId, version, recordedAt, type, schemaVersion],
      ...[property, entityId, actorId, REQUEST, data],
    );
    rows.audit.add(
      ...[bucket, organizationId, version, recordedAt, type, schemaVersion, property, entityType, entityId],
      ...[actorId, REQUEST, data, this.chain.next({ ...about, schemaVersion, type, version })],
    );
    return version;
  }
}
