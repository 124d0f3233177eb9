import type { PropertyPort, Sql as PortSql } from '@innkeep/contracts';
import { type OrganizationRoute, type Sql, rawSql, sql } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { computed, listed, particulars } from '../transaction.answers';

/** A pending transaction as lists show it, from the row `p` of `finance.pending_approvals` and the name of its property in `n`. */
const pendingJson = rawSql(`json_build_object(
  'id', p.transaction_id, 'kind', p.kind, 'propertyId', p.property_id, 'propertyName', n.name, 'amountCents', p.amount_cents, 'currency', p.currency,
  'description', p.description, 'category', p.category, 'paymentMode', p.payment_mode,
  'occurredAt', to_char(p.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'businessDay', p.business_on,
  'recordedBy', p.recorded_by, 'recordedAt', to_char(p.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'tax', p.tax, 'approval', p.approval,
  'awaitedRole', coalesce(p.approval->'roles'->>(p.approval->>'step')::int, 'manager'), 'version', p.version)`);

/** The same as clients see it. */
export const pendingTransaction = z
  .object({
    ...particulars,
    recordedBy: shapes.numericId,
    recordedAt: shapes.instant,
    ...computed,
    awaitedRole: z.enum(['manager', 'owner']).describe('Whose turn it is to decide'),
    ...listed,
  })
  .meta({ id: 'PendingTransaction' });

export interface PageRequest {
  readonly limit: number;
  /** The version under which the last transaction of the page before was recorded; 0 for the first page. */
  readonly after: number;
}

/** From where a list of what is pending is read. */
export interface PendingTables {
  readonly pending: Sql;
  readonly names: Sql;
}

/** The read models, from which it is read as a rule. */
export const readModels: PendingTables = {
  pending: rawSql('finance.pending_approvals'),
  names: rawSql('finance.property_names'),
};

/** The same from the transactions themselves and from what their properties are called now. */
export async function writeModel(port: PortSql, properties: PropertyPort): Promise<PendingTables> {
  const { bucket, organizationId } = port;
  const mentioned = await port.query<{ id: string }>(
    `select distinct property_id as id from finance.transactions
     where bucket = $1 and organization_id = $2 and status = 'pending' and deleted_at is null`,
    [bucket, organizationId],
  );
  const found = await properties.find(
    port,
    mentioned.map(({ id }) => Number(id)),
  );
  const names = JSON.stringify([...found.values()].map(({ id, name }) => ({ property_id: id, name })));
  return {
    pending:
      rawSql(`(select bucket, organization_id, id as transaction_id, kind, property_id, amount_cents, currency, description, category,
      payment_mode, occurred_at, business_on, recorded_by, recorded_at, recorded_version, tax, approval, version
      from finance.transactions where status = 'pending' and deleted_at is null)`),
    names: sql`(select ${bucket}::smallint as bucket, ${organizationId}::bigint as organization_id, property_id, name
      from jsonb_to_recordset(${names}::jsonb) as found(property_id bigint, name text))`,
  };
}

/** One page of what is pending and meets a condition, in the order in which it was recorded; one row more says that there is another. */
export const pendingPage = (
  { bucket, organizationId }: Pick<OrganizationRoute, 'bucket' | 'organizationId'>,
  { limit, after }: PageRequest,
  condition: Sql,
  { pending, names }: PendingTables = readModels,
): Sql => sql`
  select p.recorded_version, row_number() over (order by p.recorded_version) as n, ${pendingJson} as body
  from ${pending} p
  left join ${names} n on (n.bucket, n.organization_id, n.property_id) = (p.bucket, p.organization_id, p.property_id)
  where p.bucket = ${bucket} and p.organization_id = ${organizationId} and p.recorded_version > ${after} and ${condition}
  order by p.recorded_version limit ${limit + 1}`;

/** What a query answers from such a page. */
export interface PendingPage {
  readonly data: readonly z.output<typeof pendingTransaction>[];
  /** After which version the next page begins; null on the last. */
  readonly next: number | null;
}

/** The same in SQL, from the page by the name of `page`. */
export const pendingPageColumns = ({ limit }: PageRequest): Sql => sql`
  (select coalesce(json_agg(body order by n) filter (where n <= ${limit}), '[]') from page) as data,
  (select (max(recorded_version) filter (where n = ${limit}))::float8 from page having count(*) > ${limit}) as next`;
