import { Shards, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes, wholeNumber } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { purgeReceipt, receiptBody } from '../list-purges/receipt';

export const listAllPurgesQuery = z.strictObject({
  organizationId: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().describe('Of one organization only'),
  provider: z
    .string()
    .regex(/^[a-z]{1,20}$/, 'is no CDN')
    .optional()
    .describe('At one CDN only'),
  ...pageParameters,
});

const organizationReceipt = purgeReceipt
  .extend({ organizationId: shapes.numericId })
  .meta({ id: 'PurgeReceiptOfOrganization' });
export const allPurgesPage = pageOf(organizationReceipt);

/** A receipt, and where in the list it stands. */
export interface ListedReceipt {
  readonly body: z.output<typeof organizationReceipt>;
  readonly at: string;
}

/** What a page of the list is asked for with. */
export interface ReceiptsWanted {
  readonly organizationId?: number;
  readonly provider?: string;
  /** Behind this one. */
  readonly after?: { readonly at: string; readonly id: string };
  readonly limit: number;
}

/** The receipts of all organizations on all shards, the latest first. */
export class ListAllPurges extends Query<ListedReceipt[]> {
  constructor(readonly wanted: ReceiptsWanted) {
    super();
  }
}

@QueryHandler(ListAllPurges)
export class ListAllPurgesHandler implements IQueryHandler<ListAllPurges> {
  constructor(private readonly shards: Shards) {}

  async execute({ wanted }: ListAllPurges): Promise<ListedReceipt[]> {
    const { organizationId = null, provider = null, after, limit } = wanted;
    const { text, values } = sql`
      select ${receiptBody}::jsonb || jsonb_build_object('organizationId', r.organization_id) as body, 
        to_char(r.purged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from edge.list_receipts(${organizationId}::bigint, ${provider}::text, ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid, ${limit}::integer) r
      order by r.purged_at desc, r.id desc`.compile();
    const pages = await Promise.all(this.shards.all.map(({ pool }) => pool.query<ListedReceipt>(text, values)));
    const rows = pages.flatMap((page) => page.rows);
    return rows.sort((one, other) => (placeOf(one) > placeOf(other) ? -1 : 1)).slice(0, limit);
  }
}

/** Times are written alike, so their texts sort as they do. */
const placeOf = ({ at, body }: ListedReceipt) => `${at} ${body.id}`;
