import { type Principal, label } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { dayParameter, pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { propertyDay } from '../property-calendars/property-day.sql';

export const availabilityQuery = z.strictObject({
  from: dayParameter.describe('The business day of the arrival'),
  to: dayParameter.describe(
    'That of the departure, at most a year later; the same day for a party that stays no night',
  ),
  guests: z.coerce.number().int().min(1).max(1_000).optional().describe('Only units that take so many'),
  unitType: label(50).optional().describe('Only units of this type'),
  ...pageParameters,
});

const availableUnit = z
  .object({
    id: shapes.uuidId,
    name: z.string().meta({ example: '204' }),
    unitType: z.string().meta({ example: 'double' }),
    capacity: z.int().min(1).meta({ example: 2 }),
  })
  .meta({ id: 'AvailableUnit' });

const freeOfType = z.object({
  unitType: z.string().meta({ example: 'double' }),
  free: z.int().min(1).describe('Of those asked for, on all pages').meta({ example: 7 }),
});

export const availabilityPage = pageOf(availableUnit, { byType: z.array(freeOfType) });

interface AvailabilityRow {
  readonly data: { readonly body: z.output<typeof availableUnit> }[];
  readonly byType: z.output<typeof freeOfType>[];
  /** How long the property is in its business day. */
  readonly secondsLeft: number;
}

/** For which days, and of which units. */
export interface AvailabilityRequest extends Omit<z.output<typeof availabilityQuery>, 'cursor'> {
  readonly propertyId: number;
  readonly after?: string;
}

/** The units that a party can be given for all its nights, in the order in which they were added. No row: the property is not the organization's. */
export class ListAvailableUnits extends Query<Snapshot<AvailabilityRow>> {
  constructor(
    readonly principal: Principal,
    readonly asked: AvailabilityRequest,
    readonly at: Date,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListAvailableUnits)
export class ListAvailableUnitsHandler implements IQueryHandler<ListAvailableUnits> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, asked, at, minPosition, tags }: ListAvailableUnits): Promise<Snapshot<AvailabilityRow>> {
    const { organizationId } = principal;
    const { propertyId, from, to, guests = null, unitType = null, after = null, limit } = asked;
    const now = sql`${at.toISOString()}::timestamptz`;
    const projections = ['guests_unit_days', 'guests_unit_particulars', 'guests_property_calendars'];
    return this.reader.read({ organizationId, minPosition, tags, projections, readsState: true }, ({ bucket }) => {
      const held = sql`select from guests.unit_holds h
          where h.bucket = ${bucket} and h.organization_id = ${organizationId} and h.unit_id = d.unit_id`;
      return sql`
        -- A party that leaves on the day it comes is there on that day.
        with asked as materialized (
          select today, ends_at, greatest(${to}::date, ${from}::date + 1) as until
          from (${propertyDay({ bucket, organizationId, propertyId }, now)}) clock
        ),
        free as materialized (
          select p.unit_id, p.name, p.unit_type, p.capacity
          from asked, guests.unit_days d
          join guests.unit_particulars p on p.bucket = d.bucket and p.organization_id = d.organization_id and p.unit_id = d.unit_id
          where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.property_id = ${propertyId}
            and daterange(${from}::date, asked.until) <@ d.in_service and not d.out_of_order && daterange(${from}::date, asked.until)
            and (${guests}::integer is null or p.capacity >= ${guests}::integer) and (${unitType}::text is null or p.unit_type = ${unitType}::text)
            and not exists (${held} and h.ends_on > ${from}::date and h.starts_on < asked.until)
            -- Who stays longer than agreed holds no further day, and is there all the same.
            and not (${from}::date <= asked.today and exists (${held} and h.is_in_house))
        )
        select extract(epoch from ends_at - ${now})::float8 as "secondsLeft",
          (select coalesce(json_agg(page), '[]') from (
            select json_build_object('id', unit_id, 'name', name, 'unitType', unit_type, 'capacity', capacity) as body from free
            where ${after}::uuid is null or unit_id > ${after}::uuid
            order by unit_id limit ${limit}) page) as data,
          (select coalesce(json_agg(json_build_object('unitType', unit_type, 'free', free) order by unit_type), '[]') from (
            select unit_type, count(*) as free from free group by unit_type) types) as "byType"
        from asked`;
    });
  }
}
