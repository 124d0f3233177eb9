import { type Digested, digest, link } from '@innkeep/features/audit';
import { rawSql } from '@innkeep/platform/database';
import type { Projection } from '@innkeep/platform/events';

/** The chain of hashes over an organization's events, as the audit log has it. */
export class AuditChain {
  private last: Buffer | null = null;

  /** The hash of the next event: of the one before it, and of its own digest. */
  next(event: Digested): Buffer {
    return (this.last = link(this.last, digest(event)));
  }
}

const AUDIT = 'audit_entries';

/** The projections with which a share is folded: the rows of the audit log are there already. */
export const withoutAudit = (projections: readonly Projection[]): Projection[] =>
  projections.map((one) =>
    one.name === AUDIT ? { ...one, derivation: undefined, fold: () => rawSql('select') } : one,
  );
