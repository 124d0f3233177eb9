import { type PropertyFacts, PropertyPort, type PropertyScope, type Sql as PortSql } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import type { Property } from './property';

interface PropertyRow {
  id: string;
  name: string;
  time_zone: string;
  currency: string;
  business_day_starts_at: string;
  version: string;
}

const toProperty = (row: PropertyRow): Property => ({
  id: Number(row.id),
  name: row.name,
  timeZone: row.time_zone,
  currency: row.currency,
  businessDayStartsAt: row.business_day_starts_at,
});

/** Load with lock, and save, of the write model. */
@Injectable()
export class PropertyStore {
  /** The property, locked to the end of the transaction, and its version. */
  async load(transaction: OrganizationTransaction, id: number): Promise<{ property: Property; version: number }> {
    const rows = await transaction.query<PropertyRow>(sql`
      select id, name, time_zone, currency, business_day_starts_at, version from properties.properties
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${id}
      for no key update`);
    if (!rows[0]) throw notFound('property');
    return { property: toProperty(rows[0]), version: Number(rows[0].version) };
  }

  add(transaction: OrganizationTransaction, property: Property): void {
    transaction.write(sql`
      insert into properties.properties (bucket, organization_id, id, name, time_zone, currency, business_day_starts_at, version)
      values (${transaction.bucket}, ${transaction.organizationId}, ${property.id}, ${property.name}, ${property.timeZone}, ${property.currency},
        ${property.businessDayStartsAt}, (select version from head))`);
  }

  /** Not its currency: that is fixed. */
  save(transaction: OrganizationTransaction, property: Property): void {
    transaction.write(sql`
      update properties.properties set name = ${property.name}, time_zone = ${property.timeZone},
        business_day_starts_at = ${property.businessDayStartsAt}, version = (select version from head)
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${property.id}`);
  }
}

/** How many properties the organization has. */
export async function countProperties(port: PortSql): Promise<number> {
  const [row] = await port.query<{ properties: number }>(
    `select count(*)::int as properties from properties.properties where bucket = $1 and organization_id = $2`,
    [port.bucket, port.organizationId],
  );
  return row!.properties;
}

/** What other features may ask about properties, inside their own transaction. */
@Injectable()
export class PropertyAnswers extends PropertyPort {
  async find(port: PortSql, propertyIds: readonly number[]): Promise<Map<number, PropertyFacts>> {
    const rows = await port.query<PropertyRow>(
      `select id, name, time_zone, currency, business_day_starts_at from properties.properties
       where bucket = $1 and organization_id = $2 and id = any ($3::bigint[])`,
      [port.bucket, port.organizationId, propertyIds],
    );
    return new Map(rows.map((row) => [Number(row.id), toProperty(row)]));
  }

  async list(port: PortSql, scope: PropertyScope, limit: number): Promise<readonly PropertyFacts[]> {
    const rows = await port.query<PropertyRow>(
      `select id, name, time_zone, currency, business_day_starts_at from properties.properties
       where bucket = $1 and organization_id = $2 and ($3::bigint[] is null or id = any ($3)) order by id limit $4`,
      [port.bucket, port.organizationId, scope === 'all' ? null : scope, limit],
    );
    return rows.map(toProperty);
  }

  count(port: PortSql): Promise<number> {
    return countProperties(port);
  }
}
