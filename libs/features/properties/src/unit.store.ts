import { type OutOfOrderPeriod, type Sql as PortSql, type UnitFacts, UnitPort } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import type { Unit } from './unit';

interface UnitRow {
  id: string;
  property_id: string;
  name: string;
  unit_type: string;
  capacity: number;
  in_service_from: string;
  in_service_until: string | null;
  out_of_order: OutOfOrderPeriod[];
  version: string;
}

const toUnit = (row: UnitRow): Unit => ({
  id: row.id,
  propertyId: Number(row.property_id),
  name: row.name,
  unitType: row.unit_type,
  capacity: row.capacity,
  inServiceFrom: row.in_service_from,
  inServiceUntil: row.in_service_until,
  outOfOrder: row.out_of_order,
});

const columns = `id, property_id, name, unit_type, capacity, in_service_from::text as in_service_from,
  in_service_until::text as in_service_until, out_of_order, version`;

/** Load with lock, and save, of the write model. */
@Injectable()
export class UnitStore {
  /** The unit of a property, locked to the end of the transaction, and its version. */
  async load(unit: OrganizationTransaction, propertyId: number, id: string): Promise<{ unit: Unit; version: number }> {
    const [row] = await unit.query<UnitRow>(
      `select ${columns} from properties.units
       where bucket = $1 and organization_id = $2 and property_id = $3 and id = $4 for no key update`,
      [unit.bucket, unit.organizationId, propertyId, id],
    );
    if (!row) throw notFound('unit');
    return { unit: toUnit(row), version: Number(row.version) };
  }

  add(transaction: OrganizationTransaction, unit: Unit): void {
    transaction.write(sql`
      insert into properties.units (bucket, organization_id, id, property_id, name, unit_type, capacity, in_service_from, in_service_until,
        out_of_order, version)
      values (${transaction.bucket}, ${transaction.organizationId}, ${unit.id}, ${unit.propertyId}, ${unit.name}, ${unit.unitType}, ${unit.capacity},
        ${unit.inServiceFrom}, ${unit.inServiceUntil}, ${JSON.stringify(unit.outOfOrder)}::jsonb, (select version from head))`);
  }

  save(transaction: OrganizationTransaction, unit: Unit): void {
    transaction.write(sql`
      update properties.units set name = ${unit.name}, unit_type = ${unit.unitType}, capacity = ${unit.capacity},
        in_service_from = ${unit.inServiceFrom}, in_service_until = ${unit.inServiceUntil},
        out_of_order = ${JSON.stringify(unit.outOfOrder)}::jsonb, version = (select version from head)
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${unit.id}`);
  }
}

/** What other features may ask about units, inside their own transaction. */
@Injectable()
export class UnitAnswers extends UnitPort {
  async find(port: PortSql, unitIds: readonly string[]): Promise<Map<string, UnitFacts>> {
    // Locked in the order of their ids: nobody puts one out of order while it is given to somebody, and nobody waits in a circle.
    const rows = await port.query<UnitRow>(
      `select ${columns} from properties.units
       where bucket = $1 and organization_id = $2 and id = any ($3::uuid[]) order by id for share`,
      [port.bucket, port.organizationId, unitIds],
    );
    return new Map(rows.map((row) => [row.id, toUnit(row)]));
  }
}
