import { pageOf, pageParameters, propertyIdParameter, shapes } from '@innkeep/platform/http';
import { type Principal, PropertyPort, type Sql as PortSql } from '@innkeep/contracts';
import { Reader, type Snapshot, type Sql, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import {
  type PageRequest,
  type PendingPage,
  type PendingTables,
  pendingPage,
  pendingPageColumns,
  pendingTransaction,
  readModels,
  writeModel,
} from '../pending-approvals/pending-approvals.sql';

export const todayPendingQuery = z.strictObject({
  propertyId: propertyIdParameter,
  ...pageParameters,
});

const pendingTotal = z.object({
  currency: shapes.currency,
  pendingRevenuesCents: shapes.cents.meta({ example: 0 }),
  pendingExpensesCents: shapes.cents,
  pendingCount: shapes.count.meta({ example: 1 }),
});

export const todayPendingPage = pageOf(pendingTransaction, {
  propertyId: shapes.numericId,
  businessDay: shapes.day,
  totals: z.array(pendingTotal),
  position: shapes.position,
  asOf: shapes.instant,
});

interface TodayPendingRow extends PendingPage {
  readonly businessDay: string;
  /** How long that day still lasts. */
  readonly secondsLeft: number;
  /** Over the whole day, whatever the page. */
  readonly totals: readonly z.output<typeof pendingTotal>[];
}

/** A page of a list of pending transactions, and the day it is about: pages that follow stay on the day of the first. */
export interface TodayPage extends PageRequest {
  readonly businessDay?: string;
}

/** What waits to be approved of the business day that a property is in. No row: the property is not one of the organization's. */
export class ListTodayPending extends Query<Snapshot<TodayPendingRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number,
    readonly at: Date,
    readonly page: TodayPage,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const projections = ['finance_pending_approvals', 'finance_property_names', 'finance_property_calendars'];

@QueryHandler(ListTodayPending)
export class ListTodayPendingHandler implements IQueryHandler<ListTodayPending> {
  constructor(
    private readonly reader: Reader,
    private readonly properties: PropertyPort,
  ) {}

  execute({
    principal,
    propertyId,
    at,
    page,
    minPosition,
    tags,
  }: ListTodayPending): Promise<Snapshot<TodayPendingRow>> {
    const { organizationId } = principal;
    const now = sql`${at.toISOString()}::timestamptz`;
    const isToday = sql`p.property_id = ${propertyId} and p.business_on = (select asked_on from day)`;
    const listed = (route: Parameters<typeof pendingPage>[0], calendar: Sql, tables: PendingTables) => sql`
        with clock as (
          select time_zone, business_day_starts_at, ((${now} at time zone time_zone) - business_day_starts_at::interval)::date as today
          from ${calendar} c
        ),
        day as (
          select coalesce(${page.businessDay ?? null}::date, today) as asked_on, (today + 1 + business_day_starts_at) at time zone time_zone as ends_at
          from clock
        ),
        page as (${pendingPage(route, page, isToday, tables)}),
        totals as (
          select currency, json_build_object('currency', currency,
            'pendingRevenuesCents', coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0),
            'pendingExpensesCents', coalesce(sum(amount_cents) filter (where kind = 'expense'), 0), 'pendingCount', count(*)) as body
          from ${tables.pending} p where p.bucket = ${route.bucket} and p.organization_id = ${organizationId} and ${isToday}
          group by currency
        )
        select ${pendingPageColumns(page)}, asked_on::text as "businessDay", extract(epoch from ends_at - ${now})::float8 as "secondsLeft",
          (select coalesce(json_agg(body order by currency), '[]') from totals) as totals
        from day`;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections,
        direct: async (port) =>
          listed(port, await this.calendar(port, propertyId), await writeModel(port, this.properties)),
      },
      (route) =>
        listed(
          route,
          sql`(select time_zone, business_day_starts_at from finance.property_calendars
            where bucket = ${route.bucket} and organization_id = ${organizationId} and property_id = ${propertyId})`,
          readModels,
        ),
    );
  }

  /** By which clock the property tells its day, as the feature that owns it knows. */
  private async calendar(port: PortSql, propertyId: number): Promise<Sql> {
    const property = (await this.properties.find(port, [propertyId])).get(propertyId);
    return sql`(select "timeZone" as time_zone, "businessDayStartsAt" as business_day_starts_at
      from jsonb_to_recordset(${JSON.stringify(property ? [property] : [])}::jsonb) as p("timeZone" text, "businessDayStartsAt" time))`;
  }
}
