import { type NewEvent, canonicalJson } from '@innkeep/contracts';
import { AuditChain } from './audit-chain';
import type { MadeUpKeys } from './made-up-keys';
import type { ShareRows } from './share-rows';

const REQUEST = 'seed';

/** Where a bucket's log goes on. */
export interface BucketHead {
  readonly bucket: number;
  position: number;
  /** The time that all that is written now is recorded at, in UTC with microseconds. */
  readonly recordedAt: string;
}

/** The events of one organization, in the log and in the audit log. */
export class MadeUpLog {
  version = 0;
  private readonly chain = new AuditChain();

  constructor(
    private readonly organizationId: number,
    readonly head: BucketHead,
    private readonly keys: MadeUpKeys,
    private readonly rows: ShareRows,
  ) {}

  /** Gives an event its place, sealed. Answers the organization's version with it. */
  record(entityType: string, event: NewEvent, actorId: number): number {
    const { type, schemaVersion, data: payload, propertyId = null, entityId: id } = this.keys.seal(event);
    const { head, rows, organizationId } = this;
    const { bucket, recordedAt } = head;
    const position = ++head.position;
    const version = ++this.version;
    const entityId = String(id);
    const data = canonicalJson(payload);
    const about = { actorId, data, entityId, organizationId, propertyId, recordedAt, requestId: REQUEST };
    rows.log.add(
      ...[bucket, position, organizationId, version, recordedAt, type, schemaVersion],
      ...[propertyId, entityId, actorId, REQUEST, data],
    );
    rows.audit.add(
      ...[bucket, organizationId, version, recordedAt, type, schemaVersion, propertyId, entityType, entityId],
      ...[actorId, REQUEST, data, this.chain.next({ ...about, schemaVersion, type, version })],
    );
    return version;
  }
}
