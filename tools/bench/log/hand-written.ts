import type { Client } from 'pg';

/**
 * The daily summary as one would write it by hand: a statement that reads the next events behind a checkpoint, folds them, and moves
 * the checkpoint. It knows one read model and one checkpoint; no buckets, owners, parked organizations or changed event types.
 */
const schema = `
create schema yardstick;
create table yardstick.daily_summary (like reports.daily_summary including all);
create table yardstick.checkpoint (bucket smallint not null, position bigint not null);
insert into yardstick.checkpoint values (-1, 0)`;

const foldNext = `
with batch as materialized (
  select l.* from yardstick.checkpoint c cross join lateral (
    select bucket, position, organization_id, property_id, type, data from events.log
    where (bucket, position) > (c.bucket, c.position) order by bucket, position limit 1000) l
), folded as (
  insert into yardstick.daily_summary as s (bucket, organization_id, property_id, business_on, currency, received_cents, expenses_cents, transaction_count)
  select bucket, organization_id, property_id, (data->>'businessDay')::date, data->>'currency',
    coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'revenue'), 0),
    coalesce(sum((data->>'amountCents')::bigint) filter (where data->>'kind' = 'expense'), 0),
    count(*)
  from batch where type in ('TransactionApproved', 'TransactionReversed')
  group by 1, 2, 3, 4, 5
  on conflict (bucket, organization_id, property_id, business_on, currency) do update
    set received_cents = s.received_cents + excluded.received_cents, expenses_cents = s.expenses_cents + excluded.expenses_cents,
        transaction_count = s.transaction_count + excluded.transaction_count
), advanced as (
  update yardstick.checkpoint c set bucket = l.bucket, position = l.position
  from (select bucket, position from batch order by bucket desc, position desc limit 1) l
)
select count(*)::int as count from batch`;

/** Makes the yardstick's table and checkpoint. */
export const prepareByHand = (client: Client) => client.query(schema);

/** Folds the whole log by hand from its beginning; answers how many events that were. */
export async function foldByHand(client: Client): Promise<number> {
  let events = 0;
  for (;;) {
    const { rows } = await client.query<{ count: number }>({ name: 'fold-next', text: foldNext });
    if (rows[0]!.count === 0) return events;
    events += rows[0]!.count;
  }
}

export const resetByHand = (client: Client) =>
  client.query('truncate yardstick.daily_summary; update yardstick.checkpoint set bucket = -1, position = 0');

/** How many rows differ between the read model and the yardstick's: none, or one of the two has not done its work. */
export async function differingRows(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (
       (table reports.daily_summary except all table yardstick.daily_summary) union all
       (table yardstick.daily_summary except all table reports.daily_summary)) as different`,
  );
  return rows[0]!.count;
}
