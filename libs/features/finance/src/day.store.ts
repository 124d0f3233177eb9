import { type OrganizationTransaction, rawSql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Day, Taking } from './day';

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A day as clients see it, from the row `d`. */
export const dayJson = rawSql(`json_build_object(
  'id', d.id, 'propertyId', d.property_id, 'businessDay', d.business_on, 'status', d.status, 'counts', d.counts, 'note', d.note,
  'closings', d.closings, 'closedBy', d.closed_by, 'closedAt', ${instant('d.closed_at')}, 'reopenedBy', d.reopened_by,
  'reopenedAt', ${instant('d.reopened_at')}, 'reopenReason', d.reopen_reason)`);

/** What stands against closing a day, and what it brought: read at one moment. */
export interface DayBooks {
  readonly pendingCount: number;
  /** The ids of the first of them. */
  readonly pending: readonly string[];
  readonly takings: readonly Taking[];
}

interface LoadedDay {
  readonly day: Day;
  readonly version: number;
}

/** The days that were closed. */
@Injectable()
export class DayStore {
  /** A day by its id, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, id: string): Promise<LoadedDay | undefined> {
    const [row] = await unit.query<LoadedDay>(
      sql`select ${dayJson} as day, d.version::float8 as version from finance.days d
        where d.bucket = ${unit.bucket} and d.organization_id = ${unit.organizationId} and d.id = ${id} for no key update`,
    );
    return row;
  }

  /** The day of a property, if it was ever closed. To be asked for while the books are locked. */
  async find(unit: OrganizationTransaction, propertyId: number, businessDay: string): Promise<Day | undefined> {
    const [row] = await unit.query<{ day: Day }>(
      sql`select ${dayJson} as day from finance.days d where d.bucket = ${unit.bucket} and d.organization_id = ${unit.organizationId}
        and d.property_id = ${propertyId} and d.business_on = ${businessDay}::date`,
    );
    return row?.day;
  }

  /**
   * What the transactions of a day amount to. One statement: between two of them something could be approved, which the first would have
   * seen pending and the second not at all.
   */
  async books(unit: OrganizationTransaction, propertyId: number, businessDay: string): Promise<DayBooks> {
    const [row] = await unit.query<DayBooks>(
      `with of_day as (
         select id, kind, status, payment_mode, currency, coalesce((tax->>'grossCents')::bigint, amount_cents) as cents from finance.transactions
         where bucket = $1 and organization_id = $2 and property_id = $3 and business_on = $4::date and deleted_at is null
       )
       select (select count(*)::int from of_day where status = 'pending') as "pendingCount",
         (select coalesce(json_agg(id), '[]') from (select id from of_day where status = 'pending' order by id limit 20) p) as pending,
         (select coalesce(json_agg(json_build_object('paymentMode', payment_mode, 'currency', currency, 'expectedCents', cents)), '[]') from (
           select payment_mode, currency, sum(case kind when 'revenue' then cents else -cents end) as cents
           from of_day where status = 'approved' group by payment_mode, currency) t) as takings`,
      [unit.bucket, unit.organizationId, propertyId, businessDay],
    );
    return row!;
  }

  /** Saves a day under the version of the event that tells of it. */
  save(unit: OrganizationTransaction, day: Day): void {
    unit.write(sql`
      insert into finance.days as d (bucket, organization_id, id, property_id, business_on, status, counts, note, closings, closed_by, closed_at,
        reopened_by, reopened_at, reopen_reason, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${day.id}::uuid, ${day.propertyId}::bigint, ${day.businessDay}::date,
        ${day.status}, ${JSON.stringify(day.counts)}::jsonb, ${day.note}, ${day.closings}::integer, ${day.closedBy}::bigint,
        ${day.closedAt}::timestamptz, ${day.reopenedBy}::bigint, ${day.reopenedAt}::timestamptz, ${day.reopenReason}, head.version from head
      on conflict (bucket, organization_id, id) do update set status = excluded.status, counts = excluded.counts, note = excluded.note,
        closings = excluded.closings, closed_by = excluded.closed_by, closed_at = excluded.closed_at, reopened_by = excluded.reopened_by,
        reopened_at = excluded.reopened_at, reopen_reason = excluded.reopen_reason, version = excluded.version`);
  }
}
