import { pageOf, pageParameters, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type Principal, PropertyPort } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import {
  type PageRequest,
  type PendingPage,
  pendingPage,
  type PendingTables,
  pendingPageColumns,
  pendingTransaction,
  readModels,
  writeModel,
} from '../pending-approvals/pending-approvals.sql';
import { isProperty, knownProperty } from '../transaction.sql';

export const pendingApprovalsQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  ...pageParameters,
});

export const pendingApprovalsPage = pageOf(pendingTransaction, { position: shapes.position, asOf: shapes.instant });

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
  constructor(
    private readonly reader: Reader,
    private readonly properties: PropertyPort,
  ) {}

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
    const listed = (route: Parameters<typeof pendingPage>[0], isKnown: Sql, tables: PendingTables) => sql`
      with page as (${pendingPage(route, page, isWanted, tables)})
      select ${pendingPageColumns(page)}, ${isKnown} as "isKnown"`;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['finance_pending_approvals', 'finance_property_names'],
        direct: async (port) =>
          listed(port, await isProperty(port, this.properties, propertyId), await writeModel(port, this.properties)),
      },
      (route) => listed(route, knownProperty(route.bucket, organizationId, propertyId), readModels),
    );
  }
}
