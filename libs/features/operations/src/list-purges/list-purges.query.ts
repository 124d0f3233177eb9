import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { forbidden, pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type PurgeReceipt, purgeReceipt, receiptBody } from './receipt';

export const listPurgesQuery = z.strictObject({
  ...pageParameters,
});
export const purgePage = pageOf(purgeReceipt);

interface ReceiptRow {
  readonly body: PurgeReceipt;
}

/** The receipts of an organization's purges, the latest first; or one of them. */
export class ListPurges extends Query<Snapshot<ReceiptRow>> {
  constructor(
    readonly principal: Principal,
    readonly page: { readonly before?: string; readonly id?: string; readonly limit: number },
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListPurges)
export class ListPurgesHandler implements IQueryHandler<ListPurges> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, page, minPosition }: ListPurges): Promise<Snapshot<ReceiptRow>> {
    if (principal.role !== 'owner') throw forbidden('Only owners see what was purged.');
    const { organizationId } = principal;
    const { before = null, id = null, limit } = page;
    return this.reader.read<ReceiptRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${receiptBody} as body
        from edge.purge_receipts r
        where r.bucket = ${bucket} and r.organization_id = ${organizationId}
          and (${before}::uuid is null or r.id < ${before}) and (${id}::uuid is null or r.id = ${id})
        order by r.id desc limit ${limit}`,
    );
  }
}
