import type { TestDatabase } from '@innkeep/testing';

/** What must hold of the event log and the read models at any quiet moment: each statement finds the rows for which it does not. */
const violations: Record<string, string> = {
  'an external reference that was recorded twice': `
    select data->>'propertyId' as property, data->>'externalReference' as reference, count(*) from events.log
    where type = 'TransactionRecorded' and data->>'externalReference' is not null group by 1, 2 having count(*) > 1`,
  'a transaction that was recorded or approved twice': `
    select type, entity_id from events.log where type in ('TransactionRecorded', 'TransactionApproved')
    group by 1, 2 having count(*) > 1`,
  'a bucket whose positions are not 1, 2, 3 ...': `
    select b.bucket, b.position, count(l.*), count(distinct l.position) from events.buckets b left join events.log l on l.bucket = b.bucket
    group by b.bucket having b.position <> count(l.*) or count(distinct l.position) <> count(l.*) or max(l.position) <> count(l.*) or min(l.position) <> 1`,
  'an organization whose versions are not 1, 2, 3 ...': `
    select h.organization_id, h.version, count(l.*) from events.organization_heads h
      left join events.log l on l.bucket = h.bucket and l.organization_id = h.organization_id
    group by h.bucket, h.organization_id, h.version
    having h.version <> count(l.*) or count(distinct l.version) <> count(l.*) or max(l.version) <> count(l.*)`,
  'versions and positions that disagree about the order': `
    select bucket, organization_id, version from (
      select *, lag(position) over (partition by bucket, organization_id order by version) as before from events.log) l
    where before >= position`,
  'a transaction that is not what its last event says': `
    select t.id from finance.transactions t
      left join lateral (select * from events.log l where l.bucket = t.bucket and l.organization_id = t.organization_id
        and l.entity_id = t.id::text order by l.version desc limit 1) last on true
    where t.reversed_by is null and (last.version is null or last.version <> t.version or (t.deleted_at is null
      and (last.data->>'status', (last.data->>'amountCents')::bigint) is distinct from (t.status, t.amount_cents)))`,
  'a projection that stopped short of the log': `
    select c.track, c.bucket from events.checkpoints c join events.buckets b on b.bucket = c.bucket where c.position <> b.position`,
};

const approved = `finance.transactions where status = 'approved' and deleted_at is null`;

/** The read models of reports, as they are and as the transactions say they must be. */
const readModels: Record<string, readonly [model: string, fromTransactions: string]> = {
  'reports.daily_summary': [
    `select bucket, organization_id, property_id, business_on, currency, received_cents, expenses_cents, transaction_count::bigint from reports.daily_summary`,
    `select bucket, organization_id, property_id, business_on, currency, coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::bigint,
       coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::bigint, count(*) from ${approved} group by 1, 2, 3, 4, 5`,
  ],
  'reports.day_transactions': [
    `select bucket, organization_id, property_id, business_on, occurred_at, transaction_id, kind, amount_cents, currency, description, category,
       payment_mode, reversal_of from reports.day_transactions`,
    `select bucket, organization_id, property_id, business_on, occurred_at, id, kind, amount_cents, currency, description, category,
       payment_mode, reversal_of from ${approved}`,
  ],
};

/** Everything that does not hold, by name; empty if all is well. */
export async function findViolations({ asAdmin }: TestDatabase): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  const look = async (name: string, statement: string) => {
    const rows = await asAdmin(statement);
    if (rows.length > 0) found[name] = rows.slice(0, 10);
  };
  for (const [name, statement] of Object.entries(violations)) await look(name, statement);
  for (const [name, [model, truth]] of Object.entries(readModels)) {
    await look(`${name} has what it should not`, `${model} except all ${truth}`);
    await look(`${name} lacks what it should have`, `${truth} except all ${model}`);
  }
  return found;
}
