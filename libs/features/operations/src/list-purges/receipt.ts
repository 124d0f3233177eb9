import { type Sql, rawSql, sql } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';

/** What was purged, where, because of what and how long it took. */
export const purgeReceipt = z
  .object({
    id: shapes.uuidId,
    provider: shapes.text('cloudflare'),
    tags: z.array(z.string()).meta({ example: ['org:1000:finance', 'finance:summary:property:1000'] }),
    isRepetition: z
      .boolean()
      .describe('Each purge is repeated once, for what was being read while the first one ran')
      .meta({ example: false }),
    attempts: z.int().min(1).describe('How often it was sent until it was confirmed').meta({ example: 1 }),
    cause: z
      .object({ type: shapes.text('TransactionApproved'), position: shapes.position, recordedAt: shapes.instant })
      .nullable()
      .describe('The event that it was asked for because of; of several, the first'),
    askedAt: shapes.instant,
    purgedAt: shapes.instant,
    latencyMs: z.int().describe('From the event, or else from the ask, to the confirmation').meta({ example: 1840 }),
  })
  .meta({ id: 'PurgeReceipt' });
export type PurgeReceipt = z.output<typeof purgeReceipt>;

const instant = (column: string) => rawSql(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** A row of edge.purge_receipts, called `r`, as clients are given it. */
export const receiptBody: Sql = sql`json_build_object('id', r.id, 'provider', r.provider, 'tags', r.tags, 'isRepetition', r.is_repetition,
  'attempts', r.attempts, 'cause', case when r.cause_type is not null then json_build_object('type', r.cause_type, 'position', r.cause_version,
    'recordedAt', ${instant('r.caused_at')}) end,
  'askedAt', ${instant('r.asked_at')}, 'purgedAt', ${instant('r.purged_at')},
  'latencyMs', round(extract(epoch from r.purged_at - coalesce(r.caused_at, r.asked_at)) * 1000)::int)`;
