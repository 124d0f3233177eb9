import type { Client } from 'pg';

/** How large a history is, and what is in it. */
export interface HistorySize {
  readonly organizations: number;
  /** Rounded up to the same number for each organization. */
  readonly events: number;
  readonly properties: number;
  /** Only approvals, each of which changes every report; or properties, then transactions that are recorded and approved. */
  readonly isOnlyApprovals: boolean;
}

/** The first organization; the others follow. */
export const FIRST_ORGANIZATION = 10_000_000;
/** How many events one statement writes. */
const CHUNK = 250_000;

/** Puts organizations into the directory, evenly over all buckets. */
export async function addOrganizations(admin: Client, organizations: number): Promise<void> {
  await admin.query(
    'insert into directory.organizations (organization_id, bucket) select $1 + n, n % 1024 from generate_series(0, $2 - 1) n',
    [FIRST_ORGANIZATION, organizations],
  );
}

/**
 * Events of one range of versions, of all organizations, in the order in which they would have come: version by version. `n` is the
 * organization, `k` the version; positions are worked out, not counted.
 */
const writeEvents = `
insert into events.log (bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data)
select n % 1024, (k - 1) * ((o - n % 1024 + 1023) / 1024) + n / 1024 + 1, id, k, recorded_at,
  case when k <= created then 'PropertyCreated' when is_approval then 'TransactionApproved' else 'TransactionRecorded' end, 1,
  property_id, case when k > created then transaction_id end, 1, 'bench',
  case when k <= created then jsonb_build_object('propertyId', property_id, 'name', 'House ' || k, 'timeZone', 'Europe/Lisbon', 'currency', 'EUR',
    'businessDayStartsAt', '00:00')
  else jsonb_build_object('transactionId', transaction_id, 'kind', case when t % 3 = 0 then 'expense' else 'revenue' end, 'propertyId', property_id,
    'amountCents', 1000 + t * 7919 % 90000, 'currency', 'EUR', 'description', 'Transaction ' || t,
    'category', (array['accommodation', 'food', 'laundry', 'housekeeping'])[1 + t % 4], 'paymentMode', 'card',
    'occurredAt', day || 'T10:00:00.000Z', 'businessDay', day, 'status', case when is_approval then 'approved' else 'pending' end,
    'externalReference', null, 'reversalOf', null) end
from (
  select *, $5::bigint + n as id, case when k <= created then k - 1 else t % p end + ($5::bigint + n) * 10 as property_id,
    md5(n || '-' || t)::uuid::text as transaction_id, (date '2026-01-01' + t / (2 * p))::text as day,
    date_trunc('month', now(), 'UTC') + (now() - date_trunc('month', now(), 'UTC')) * ((k - 1)::float8 / e) as recorded_at
  from (
    select *, case when created = 0 then k - 1 else (k - 1 - created) / 2 end as t, created = 0 or (k - created) % 2 = 0 as is_approval
    from (select k, n, $3::int as o, $4::int as e, $6::int as p, $7::int as created
      from generate_series($1::int, $2::int) k cross join generate_series(0, $3::int - 1) n) as place
  ) as step
) as event`;

/** The counters as they would stand if the events had been written one by one. */
const writeHeads = `
with last as (
  select bucket, organization_id, max(version) as version, max(position) as position, max(recorded_at) as recorded_at from events.log group by 1, 2
), heads as (
  insert into events.organization_heads (bucket, organization_id, version, position) select bucket, organization_id, version, position from last
)
update events.buckets b set position = l.position, recorded_at = l.recorded_at
from (select bucket, max(position) as position, max(recorded_at) as recorded_at from last group by 1) l where b.bucket = l.bucket`;

/** Writes a history straight into the log. Answers how many events it has. */
export async function generateLog(
  admin: Client,
  { organizations, events, properties, isOnlyApprovals }: HistorySize,
  say: (line: string) => void,
): Promise<number> {
  const each = Math.ceil(events / organizations);
  const versions = Math.max(1, Math.floor(CHUNK / organizations));
  const created = isOnlyApprovals ? 0 : properties;
  await addOrganizations(admin, organizations);
  for (let from = 1; from <= each; from += versions) {
    const to = Math.min(each, from + versions - 1);
    await admin.query(writeEvents, [from, to, organizations, each, FIRST_ORGANIZATION, properties, created]);
    say(
      `${(to * organizations).toLocaleString('en')} of ${(each * organizations).toLocaleString('en')} events written`,
    );
  }
  await admin.query(writeHeads);
  await admin.query('vacuum analyze');
  return each * organizations;
}
