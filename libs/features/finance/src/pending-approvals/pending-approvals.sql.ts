import { type OrganizationRoute, type Sql, rawSql, sql } from '@innkeep/platform/database';

/** A pending transaction as lists show it, from the row `p` of `finance.pending_approvals` and the name of its property in `n`. */
const pendingJson = rawSql(`json_build_object(
  'id', p.transaction_id, 'kind', p.kind, 'propertyId', p.property_id, 'propertyName', n.name, 'amountCents', p.amount_cents, 'currency', p.currency,
  'description', p.description, 'category', p.category, 'paymentMode', p.payment_mode,
  'occurredAt', to_char(p.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'businessDay', p.business_on,
  'recordedBy', p.recorded_by, 'recordedAt', to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'version', p.version)`);

/** What a pending transaction has in lists. */
export const pendingFields = [
  'id',
  'kind',
  'propertyId',
  'propertyName',
  'amountCents',
  'currency',
  'description',
  'category',
  'paymentMode',
  'occurredAt',
  'businessDay',
  'recordedBy',
  'recordedAt',
  'version',
] as const;

export interface PageRequest {
  readonly limit: number;
  /** The version under which the last transaction of the page before was recorded; 0 for the first page. */
  readonly after: number;
}

/** One page of what is pending and meets a condition, in the order in which it was recorded; one row more says that there is another. */
export const pendingPage = (
  { bucket, organizationId }: OrganizationRoute,
  { limit, after }: PageRequest,
  condition: Sql,
): Sql => sql`
  select p.recorded_version, row_number() over (order by p.recorded_version) as n, ${pendingJson} as body
  from finance.pending_approvals p
  left join finance.property_names n on (n.bucket, n.organization_id, n.property_id) = (p.bucket, p.organization_id, p.property_id)
  where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.recorded_version > ${after} and ${condition}
  order by p.recorded_version limit ${limit + 1}`;

/** What a query answers from such a page. */
export interface PendingPage {
  readonly data: unknown[];
  /** After which version the next page begins; null on the last. */
  readonly next: number | null;
}

/** The same in SQL, from the page by the name of `page`. */
export const pendingPageColumns = ({ limit }: PageRequest): Sql => sql`
  (select coalesce(json_agg(body order by n) filter (where n <= ${limit}), '[]') from page) as data,
  (select (max(recorded_version) filter (where n = ${limit}))::float8 from page having count(*) > ${limit}) as next`;
