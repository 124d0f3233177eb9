import { createHmac, hkdfSync } from 'node:crypto';

/** Whose answers are told apart: see the partition of a caller. */
export interface Partitioned {
  readonly partition: string;
  /** What an API key opens; undefined for somebody who signed in. */
  readonly scopes?: ReadonlySet<string>;
}

/** The request and answer header by which the edge and the API tell each other a caller's partition. No client ever sees it. */
export const PARTITION_HEADER = 'x-tenant-partition';

/**
 * Names of partitions for the edge: from the organization, role, properties and scopes of a caller, by a key of ours, so that nobody
 * can work out another's. The edge learns a caller's name from the API and keeps private answers under it; the API lets it keep
 * one only if the name it sends is that of the very caller.
 */
export class TenantPartitions {
  private readonly key: Buffer;
  private readonly names = new WeakMap<Partitioned, string>();

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'tenant-partition', 32));
  }

  nameOf(caller: Partitioned): string {
    let name = this.names.get(caller);
    if (name === undefined) {
      const scopes = caller.scopes ? [...caller.scopes].sort().join(' ') : 'all';
      const digest = createHmac('sha256', this.key)
        .update(JSON.stringify([caller.partition, scopes]))
        .digest('base64url');
      this.names.set(caller, (name = digest.slice(0, 22)));
    }
    return name;
  }

  /** Whether the edge has shown that it keeps what it is given for this caller under the caller's own partition. */
  isShown(header: string | string[] | undefined, caller: Partitioned): boolean {
    return header !== undefined && header === this.nameOf(caller);
  }
}
