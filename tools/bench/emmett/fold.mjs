// Folds the events that are in `events.log` with Emmett's PostgreSQL projection, and prints how many it took and in how long.
// A process of its own with packages of its own: it is started by the bench, with DATABASE_URL.
import { sql } from '@event-driven-io/dumbo';
import {
  getPostgreSQLEventStore,
  postgreSQLEventStoreConsumer,
  postgreSQLRawSQLProjection,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

const connectionString = process.env.DATABASE_URL;
const table = 'emmett_daily_summary';

const upsert = `
insert into ${table} as s (organization_id, property_id, business_on, currency, received_cents, expenses_cents, transaction_count)
values (%L, %L, %L, %L, %L, %L, 1)
on conflict (organization_id, property_id, business_on, currency) do update
  set received_cents = s.received_cents + excluded.received_cents, expenses_cents = s.expenses_cents + excluded.expenses_cents,
      transaction_count = s.transaction_count + 1`;

const dailySummary = postgreSQLRawSQLProjection({
  name: 'daily_summary',
  canHandle: ['TransactionApproved', 'TransactionReversed'],
  evolve: ({ data, metadata: { streamName } }) => {
    const { propertyId, businessDay, currency, kind, amountCents } = data;
    const amounts = kind === 'revenue' ? [amountCents, 0] : [0, amountCents];
    return sql(upsert, streamName, propertyId, businessDay, currency, ...amounts);
  },
});

/** Emmett's own tables, with the same events in the same order, written at once: only the folding is measured. */
async function prepare() {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  await store.close();
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`
    create table ${table} (organization_id bigint, property_id bigint, business_on date, currency text, received_cents bigint not null,
      expenses_cents bigint not null, transaction_count integer not null, primary key (organization_id, property_id, business_on, currency));
    insert into emt_messages (stream_id, stream_position, transaction_id, message_schema_version, message_id, message_type, message_data, message_metadata)
    select organization_id::text, version, pg_current_xact_id(), schema_version::text, gen_random_uuid()::text, type, data, '{}'
    from events.log order by bucket, position`);
  await client.query('vacuum analyze emt_messages');
  return client;
}

const client = await prepare();
const consumer = postgreSQLEventStoreConsumer({
  connectionString,
  stopWhen: { noMessagesLeft: true },
  pulling: { batchSize: 1000 },
});
consumer.projector({ processorId: 'daily-summary', projection: dailySummary });
const started = performance.now();
await consumer.start();
const seconds = (performance.now() - started) / 1000;
await consumer.close();
const { rows } = await client.query(`select coalesce(sum(transaction_count), 0)::int as events from ${table}`);
await client.end();
process.stdout.write(`${JSON.stringify({ events: rows[0].events, seconds })}\n`);
process.exit(0);
