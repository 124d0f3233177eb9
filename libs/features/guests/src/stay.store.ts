import type { Sql as PortSql } from '@innkeep/contracts';
import { type OrganizationTransaction, type Sql, rawSql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { type Stay, heldDays } from './stay';

interface StayRow {
  id: string;
  property_id: string;
  status: Stay['status'];
  guest_name: string | null;
  email: string | null;
  phone: string | null;
  country: string | null;
  adults: number;
  children: number;
  unit_ids: string[];
  arrives_on: string;
  departs_on: string;
  arrived_on: string | null;
  departed_on: string | null;
  checked_in_at: Date | null;
  checked_out_at: Date | null;
  cancelled_at: Date | null;
  cancellation_reason: string | null;
  external_reference: string | null;
  erased_at: Date | null;
  version: string;
}

const toStay = (row: StayRow): Stay => ({
  stayId: row.id,
  propertyId: Number(row.property_id),
  status: row.status,
  guestName: row.guest_name,
  email: row.email,
  phone: row.phone,
  country: row.country,
  adults: row.adults,
  children: row.children,
  unitIds: row.unit_ids,
  arrivesOn: row.arrives_on,
  departsOn: row.departs_on,
  arrivedOn: row.arrived_on,
  departedOn: row.departed_on,
  checkedInAt: row.checked_in_at?.toISOString() ?? null,
  checkedOutAt: row.checked_out_at?.toISOString() ?? null,
  cancelledAt: row.cancelled_at?.toISOString() ?? null,
  cancellationReason: row.cancellation_reason,
  externalReference: row.external_reference,
  erasedAt: row.erased_at?.toISOString() ?? null,
});

const columns = `id, property_id, status, guest_name, email, phone, country, adults, children, unit_ids, arrives_on::text as arrives_on,
  departs_on::text as departs_on, arrived_on::text as arrived_on, departed_on::text as departed_on, checked_in_at, checked_out_at, cancelled_at,
  cancellation_reason, external_reference, erased_at, version`;

const recordset =
  rawSql(`(n integer, "stayId" uuid, "propertyId" bigint, status text, "guestName" text, email text, phone text, country text,
  adults integer, children integer, "unitIds" uuid[], "arrivesOn" date, "departsOn" date, "arrivedOn" date, "departedOn" date,
  "checkedInAt" timestamptz, "checkedOutAt" timestamptz, "cancelledAt" timestamptz, "cancellationReason" text, "externalReference" text,
  "erasedAt" timestamptz)`);

/** A stay, and the last of the events that the unit of work records about it, counted from 1. */
export interface NewStay {
  readonly stay: Stay;
  readonly event: number;
}

/** Load with lock, and save, of the write model. All saves ride on the last statement of the unit of work. */
@Injectable()
export class StayStore {
  /** The stay, locked to the end of the unit of work, and its version. */
  async load(
    unit: OrganizationTransaction,
    id: string,
  ): Promise<{ readonly stay: Stay; readonly version: number } | undefined> {
    const [row] = await unit.query<StayRow>(
      `select ${columns} from guests.stays where bucket = $1 and organization_id = $2 and id = $3 for no key update`,
      [unit.bucket, unit.organizationId, id],
    );
    return row && { stay: toStay(row), version: Number(row.version) };
  }

  /** The stays by these ids, as they are. */
  async find(port: PortSql, ids: readonly string[]): Promise<Stay[]> {
    const rows = await port.query<StayRow>(
      `select ${columns} from guests.stays where bucket = $1 and organization_id = $2 and id = any ($3::uuid[])`,
      [port.bucket, port.organizationId, ids],
    );
    return rows.map(toStay);
  }

  /** The stays that have one of the references already, by property and reference. */
  async findByReference(
    unit: OrganizationTransaction,
    references: readonly (readonly [propertyId: number, reference: string])[],
  ): Promise<Map<string, Stay>> {
    if (references.length === 0) return new Map();
    const rows = await unit.query<StayRow>(
      `select ${columns} from guests.stays s join unnest($3::bigint[], $4::text[]) as asked(p, r) on asked.p = s.property_id and asked.r = s.external_reference
       where s.bucket = $1 and s.organization_id = $2`,
      [
        unit.bucket,
        unit.organizationId,
        references.map(([propertyId]) => propertyId),
        references.map(([, reference]) => reference),
      ],
    );
    return new Map(rows.map((row) => [referenceKey(Number(row.property_id), row.external_reference!), toStay(row)]));
  }

  /** Adds stays; each gets the version of the last event about it, of those that the unit of work records in all. */
  add(unit: OrganizationTransaction, stays: readonly NewStay[], events: number): void {
    const rows = JSON.stringify(stays.map(({ stay, event }) => ({ ...stay, n: event })));
    unit.write(sql`
      insert into guests.stays (bucket, organization_id, id, property_id, status, guest_name, email, phone, country, adults, children, unit_ids,
        arrives_on, departs_on, arrived_on, departed_on, checked_in_at, checked_out_at, cancelled_at, cancellation_reason, external_reference,
        erased_at, version)
      select ${unit.bucket}::smallint, ${unit.organizationId}::bigint, s."stayId", s."propertyId", s.status, s."guestName", s.email, s.phone,
        s.country, s.adults, s.children, s."unitIds", s."arrivesOn", s."departsOn", s."arrivedOn", s."departedOn", s."checkedInAt",
        s."checkedOutAt", s."cancelledAt", s."cancellationReason", s."externalReference", s."erasedAt", head.version - ${events}::int + s.n
      from head, jsonb_to_recordset(${rows}::jsonb) as s${recordset}`);
    const holding = stays.filter(({ stay }) => stay.status !== 'cancelled' && stay.unitIds.length > 0);
    if (holding.length > 0)
      unit.write(
        hold(
          unit,
          holding.map(({ stay }) => stay),
        ),
      );
  }

  /** Saves a changed stay, of which the last event of the unit of work tells. */
  save(unit: OrganizationTransaction, stay: Stay): void {
    unit.write(sql`
      update guests.stays set status = ${stay.status}, guest_name = ${stay.guestName}, email = ${stay.email}, phone = ${stay.phone},
        country = ${stay.country}, adults = ${stay.adults}, children = ${stay.children}, unit_ids = ${stay.unitIds}::uuid[],
        arrives_on = ${stay.arrivesOn}, departs_on = ${stay.departsOn}, arrived_on = ${stay.arrivedOn}, departed_on = ${stay.departedOn},
        checked_in_at = ${stay.checkedInAt}, checked_out_at = ${stay.checkedOutAt}, cancelled_at = ${stay.cancelledAt},
        cancellation_reason = ${stay.cancellationReason}, erased_at = ${stay.erasedAt}, version = (select version from head)
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and id = ${stay.stayId}`);
    const held = stay.status === 'cancelled' ? [] : stay.unitIds;
    unit.write(sql`
      delete from guests.unit_holds where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and stay_id = ${stay.stayId}
        and unit_id <> all (${held}::uuid[])`);
    if (held.length > 0) unit.write(hold(unit, [stay]));
  }
}

/**
 * Keeps the units of stays for their days. That nobody else has one of them on one of the days, or is in it, is for the constraints of the
 * table to see: two who take one unit at once wait for each other there, and the second is refused.
 */
function hold({ bucket, organizationId }: OrganizationTransaction, stays: readonly Stay[]): Sql {
  const rows = stays.flatMap((stay) => {
    const { from, to } = heldDays(stay);
    return stay.unitIds.map((unit) => ({ stay: stay.stayId, unit, from, to, in: stay.status === 'in-house' }));
  });
  return sql`
    insert into guests.unit_holds (bucket, organization_id, stay_id, unit_id, days, is_in_house)
    select ${bucket}::smallint, ${organizationId}::bigint, h.stay, h.unit, daterange(h."from", h."to"), h."in"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(stay uuid, unit uuid, "from" date, "to" date, "in" boolean)
    on conflict (bucket, organization_id, stay_id, unit_id) do update set days = excluded.days, is_in_house = excluded.is_in_house`;
}

export const referenceKey = (propertyId: number, reference: string): string => `${propertyId} ${reference}`;
