import type { ApprovalRuleSnapshot, CategorySnapshot, TaxSnapshot } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { type FinanceRules, dayKey } from './finance-rules';

/** Members as events have them. */
const category = `json_build_object('categoryId', id, 'kind', kind, 'name', name, 'isArchived', archived_at is not null)`;
const tax = `json_build_object('taxId', id, 'name', name, 'propertyId', property_id, 'kind', kind, 'category', category,
  'rateBasisPoints', rate_basis_points, 'isInclusive', is_inclusive, 'effectiveFrom', effective_on)`;
const rule = `json_build_object('ruleId', id, 'propertyId', property_id, 'kind', kind, 'currency', currency, 'fromCents', from_cents,
  'toCents', to_cents, 'roles', roles, 'forbidsOwn', forbids_own, 
  'timeout', case when timeout_hours is not null then json_build_object('hours', timeout_hours, 'action', on_timeout) end)`;

const ofOrganization = 'where bucket = $1 and organization_id = $2';

/** What an organization has laid down and not removed, in the order in which it was added. */
export interface StandingRules {
  readonly categories: readonly CategorySnapshot[];
  readonly taxes: readonly TaxSnapshot[];
  readonly approvalRules: readonly ApprovalRuleSnapshot[];
}

const standing = `
  (select coalesce(json_agg(${category} order by id), '[]') from finance.categories ${ofOrganization}) as categories,
  (select coalesce(json_agg(${tax} order by id), '[]') from finance.taxes ${ofOrganization} and removed_at is null) as taxes,
  (select coalesce(json_agg(${rule} order by id), '[]') from finance.approval_rules ${ofOrganization} and removed_at is null) as "approvalRules"`;

interface RulesRow extends StandingRules {
  readonly closed: readonly { id: string; propertyId: number; businessDay: string }[];
}

const withClosedDays = `select ${standing},
  (select coalesce(json_agg(json_build_object('id', id, 'propertyId', property_id, 'businessDay', business_on)), '[]')
     from finance.days ${ofOrganization} and property_id = any ($3::bigint[])
     and business_on between $4::timestamptz::date - 2 and $5::timestamptz::date + 2 and status = 'closed') as closed`;

/** The books of a property: whoever records in them holds this together with others, whoever closes a day holds it alone. */
const booksKey = `hashtextextended('finance books ' || $1 || ' ' || property, 0)`;

const EPOCH = 0;
const END_OF_CALENDAR = Date.parse('9999-12-31T00:00:00Z');

/** Loads what is laid down for the books, and keeps days from being closed meanwhile. */
@Injectable()
export class FinanceRulesStore {
  /**
   * The rules for what is about to be recorded in some properties. Until the unit of work ends none of their days is closed or
   * reopened.
   * @param instants when it happened; undefined is now. The days they are on are less than two days from them, wherever the property is.
   */
  async load(
    unit: OrganizationTransaction,
    propertyIds: readonly number[],
    instants: readonly (string | undefined)[],
  ): Promise<FinanceRules> {
    // Two statements: a statement looks at the database as it was when it began, so one that waited for the lock itself would still
    // see the day open that was closed meanwhile. In the order of their ids, so that nobody waits for one another in a circle.
    const times = instants
      .map((instant) => (instant === undefined ? Date.now() : Date.parse(instant)))
      // One that no transaction can have is refused later; until then it must only be one that the database knows.
      .map((time) => Math.min(Math.max(time, EPOCH), END_OF_CALENDAR))
      .sort((a, b) => a - b);
    const [first, last] = [times.at(0), times.at(-1)].map((time = Date.now()) => new Date(time).toISOString());
    const ids = [...new Set(propertyIds)].sort((one, other) => one - other);
    const locked = unit.query(
      `select pg_advisory_xact_lock_shared(${booksKey}) from unnest($2::bigint[]) with ordinality as p(property, n) order by n`,
      [unit.organizationId, ids],
    );
    const [, [row]] = await Promise.all([
      locked,
      unit.query<RulesRow>(withClosedDays, [unit.bucket, unit.organizationId, ids, first, last]),
    ]);
    const { closed, ...rules } = row!;
    return { ...rules, closedDays: new Map(closed.map((day) => [dayKey(day.propertyId, day.businessDay), day.id])) };
  }

  /** Waits until nobody records in the books of a property, and keeps everybody out of them until the unit of work ends. */
  async lockBooks(unit: OrganizationTransaction, propertyId: number): Promise<void> {
    await unit.query(`select pg_advisory_xact_lock(${booksKey}) from (select $2::bigint as property) p`, [
      unit.organizationId,
      propertyId,
    ]);
  }

  /** The rules that are there. Until the unit of work ends nobody else changes them: they decide whether another may be added. */
  async loadToChange(unit: OrganizationTransaction): Promise<StandingRules> {
    const [, [row]] = await Promise.all([
      unit.query(`select pg_advisory_xact_lock(hashtextextended('finance rules ' || $1, 0))`, [unit.organizationId]),
      unit.query<StandingRules>(`select ${standing}`, [unit.bucket, unit.organizationId]),
    ]);
    return row!;
  }

  saveCategory(unit: OrganizationTransaction, { categoryId, kind, name, isArchived }: CategorySnapshot): void {
    unit.write(sql`
      insert into finance.categories as c (bucket, organization_id, id, kind, name, archived_at, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${categoryId}::uuid, ${kind}, ${name},
        case when ${isArchived}::boolean then now() end, head.version from head
      on conflict (bucket, organization_id, id) do update set archived_at = excluded.archived_at, version = excluded.version`);
  }

  addTax(unit: OrganizationTransaction, added: TaxSnapshot): void {
    unit.write(sql`
      insert into finance.taxes (bucket, organization_id, id, name, property_id, kind, category, rate_basis_points, is_inclusive, effective_on, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${added.taxId}::uuid, ${added.name}, ${added.propertyId}::bigint,
        ${added.kind}, ${added.category}, ${added.rateBasisPoints}::integer, ${added.isInclusive}::boolean, ${added.effectiveFrom}::date,
        head.version from head`);
  }

  addApprovalRule(unit: OrganizationTransaction, added: ApprovalRuleSnapshot): void {
    unit.write(sql`
      insert into finance.approval_rules (bucket, organization_id, id, property_id, kind, currency, from_cents, to_cents, roles, forbids_own,
        timeout_hours, on_timeout, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, ${added.ruleId}::uuid, ${added.propertyId}::bigint, ${added.kind},
        ${added.currency}, ${added.fromCents}::bigint, ${added.toCents}::bigint, ${added.roles}::text[], ${added.forbidsOwn}::boolean,
        ${added.timeout?.hours ?? null}::integer, ${added.timeout?.action ?? null}, head.version from head`);
  }

  removeTax(unit: OrganizationTransaction, id: string): void {
    unit.write(sql`
      update finance.taxes set removed_at = now(), version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${id}`);
  }

  removeApprovalRule(unit: OrganizationTransaction, id: string): void {
    unit.write(sql`
      update finance.approval_rules set removed_at = now(), version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${id}`);
  }
}
