import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, shapes, wholeNumber } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMayReadAuditLog } from '../audit.policies';

export const verificationQuery = z.strictObject({
  version: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('The version that the hash is asked for, to compare it with one noted earlier; by default the last one'),
});

/** Where the chain of an organization stands. */
export const verificationAnswer = z.object({
  version: shapes.position.describe('The version that the hash is of'),
  hash: shapes
    .text('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')
    .describe('SHA-256, hexadecimal'),
  recordedAt: shapes.instant,
});
type Verification = z.output<typeof verificationAnswer>;

interface VerificationRow {
  readonly body: Verification;
}

/** The hash of the organization's chain at its end, or at an earlier version. */
export class GetVerification extends Query<Snapshot<VerificationRow>> {
  constructor(
    readonly principal: Principal,
    readonly version: number | null,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetVerification)
export class GetVerificationHandler implements IQueryHandler<GetVerification> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, version, minPosition }: GetVerification): Promise<Snapshot<VerificationRow>> {
    assertMayReadAuditLog(principal);
    const { organizationId } = principal;
    const snapshot = await this.reader.read<VerificationRow>(
      { organizationId, minPosition, projections: ['audit_entries'] },
      ({ bucket }) => sql`
        select json_build_object('version', e.version, 'hash', encode(e.hash, 'hex'),
          'recordedAt', to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as body
        from audit.entries e
        where e.bucket = ${bucket} and e.organization_id = ${organizationId} and (${version}::bigint is null or e.version = ${version})
        order by e.version desc limit 1`,
    );
    if (!snapshot.rows[0]) throw notFound('entry of the audit log');
    return snapshot;
  }
}
