import { pageParameters, propertyIdParameter } from '@innkeep/platform/http';
import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import {
  type PageRequest,
  type PendingPage,
  pendingPage,
  pendingPageColumns,
} from '../pending-approvals/pending-approvals.sql';
import { knownProperty } from '../transaction.sql';

export const pendingApprovalsQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  ...pageParameters,
});

interface PendingApprovalsRow extends PendingPage {
  /** Whether the property asked for is one of the organization's. */
  readonly isKnown: boolean;
}

/** What waits to be approved in the properties that the caller may see; what has waited longest comes first. */
export class ListPendingApprovals extends Query<Snapshot<PendingApprovalsRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number | undefined,
    readonly page: PageRequest,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListPendingApprovals)
export class ListPendingApprovalsHandler implements IQueryHandler<ListPendingApprovals> {
  constructor(private readonly reader: Reader) {}

  execute({
    principal,
    propertyId,
    page,
    minPosition,
    tags,
  }: ListPendingApprovals): Promise<Snapshot<PendingApprovalsRow>> {
    const { organizationId, properties } = principal;
    const isWanted = sql`true
      ${propertyId === undefined ? sql`` : sql`and p.property_id = ${propertyId}`}
      ${properties === 'all' ? sql`` : sql`and p.property_id = any (${properties}::bigint[])`}`;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['finance_pending_approvals', 'finance_property_names'] },
      (route) => sql`
        with page as (${pendingPage(route, page, isWanted)})
        select ${pendingPageColumns(page)}, ${knownProperty(route.bucket, organizationId, propertyId)} as "isKnown"`,
    );
  }
}
